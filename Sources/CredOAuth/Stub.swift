import CredCore

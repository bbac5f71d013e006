import CredCore
import Workbench

/// Keys and tokens of RFC 7515 and RFC 7517, as they stand there.
enum SigningVectors {
    /// RFC 7515 appendix A.2.
    static let rsaKey: JSONObject = [
        "kty": .string("RSA"),
        "n": .string(
            "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp"
                + "-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOW"
                + "vG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUs"
                + "LA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k"
                + "G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2"
                + "PAcDTW9gb54h4FRWyuXpoQ"),
        "e": .string("AQAB"),
    ]

    static let rs256 = "\(SignedExample.rs256).\(SignedExample.rs256Signature)"

    /// RFC 7515 appendix A.3.
    static let p256Key: JSONObject = [
        "kty": .string("EC"), "crv": .string("P-256"),
        "x": .string("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
        "y": .string("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
    ]

    /// RFC 7515 appendix A.3.
    static let es256 =
        "\(SignedExample.es256)."
        + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
        + "pmWQxfKTUJqPP3-Kg6NU1Q"

    /// The two numbers of its signature in DER, by Python.
    static let es256Signature: [UInt8] =
        [0x30, 0x45, 0x02, 0x20] + bytes("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmU")
        + [0x02, 0x21, 0x00] + bytes("xQoH04w8cOXY8S2vCEpUgKZlkMXyk1Cajz9_ioOjVNU")

    /// RFC 7515 appendix A.5: nobody signed it.
    static let unsigned = "eyJhbGciOiJub25lIn0.\(SignedExample.claims)."

    /// RFC 7515 appendix A.1: signed with a key that whoever checks it needs as well.
    static let hs256 =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(SignedExample.claims)."
        + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    /// The key set of RFC 7517 appendix A.1; its first key is for encryption.
    static let keySet = #"""
        {"keys":[
        {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},
        {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1\#
        L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4\#
        QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbO\#
        pbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csF\#
        Cur-kEgU8awapJzKnqDKgw",
        "e":"AQAB","alg":"RS256","kid":"2011-04-29"}]}
        """#

    /// Its second key; put together by OpenSSL from the two numbers.
    static let keySetPEM = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0vx7agoebGcQSuuPiLJX
        ZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tS
        oc/BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ/2W+5JsGY4Hc5n9yBXArwl93lqt
        7/RN5w6Cf0h4QyQ5v+65YGjQR0/FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0
        zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt+bFTWhAI4vMQFh6WeZu0f
        M4lFd2NcRwr3XPksINHaQ+G/xBniIqbw0Ls1jF44+csFCur+kEgU8awapJzKnqDK
        gwIDAQAB
        -----END PUBLIC KEY-----

        """

    private static func bytes(_ text: String) -> [UInt8] { Base64.decode(text, .url) ?? [] }
}

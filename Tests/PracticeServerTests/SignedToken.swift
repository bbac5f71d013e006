import Foundation
import Testing
import Workbench

/// A JWT taken apart, and checked by openssl with the keys that a server publishes.
struct SignedToken {
    let header: [String: Any]
    let claims: [String: Any]
    private let signed: String
    private let signature: Data

    init(_ text: String) throws {
        let parts = text.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        header = try Self.object(parts[0])
        claims = try Self.object(parts[1])
        signed = "\(parts[0]).\(parts[1])"
        signature = try Self.bytes(parts[2])
    }

    func isVerified(by keys: [[String: String]]) async throws -> Bool {
        let name = try #require(header["kid"] as? String)
        let key = try #require(keys.first { $0["kid"] == name })
        let scratch = try ScratchFolder()
        try scratch.write("signed", signed)
        try await Self.writeDER("key", Self.structure(of: key), scratch)
        if key["kty"] == "EC" {
            try #require(signature.count == 64)
            let numbers = [signature.prefix(32), signature.suffix(32)].map(Self.hex)
            try await Self.writeDER(
                "signature", "[public]\nr=INTEGER:0x\(numbers[0])\ns=INTEGER:0x\(numbers[1])",
                scratch)
        } else {
            try scratch.write("signature", Array(signature))
        }
        let padding = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
        let options = [
            "dgst", "-sha256", "-keyform", "DER", "-verify", "key", "-signature", "signature",
        ]
        let check = try await Command.run(
            "openssl", options + (header["alg"] as? String == "PS256" ? padding : []) + ["signed"],
            in: scratch.path)
        return check.text == "Verified OK\n"
    }

    /// A public key as openssl's `asn1parse` makes it. RFC 5280 §4.1.2.7
    private static func structure(of key: [String: String]) throws -> String {
        let head = "[public]\nalgorithm=SEQUENCE:algorithm\n"
        if key["kty"] == "EC" {
            let point = try hex(bytes(key["x"])) + hex(bytes(key["y"]))
            return head + """
                key=FORMAT:HEX,BITSTRING:04\(point)
                [algorithm]
                name=OID:id-ecPublicKey
                curve=OID:prime256v1
                """
        }
        return head + """
            key=BITWRAP,SEQUENCE:numbers
            [algorithm]
            name=OID:rsaEncryption
            parameters=NULL
            [numbers]
            n=INTEGER:0x\(try hex(bytes(key["n"])))
            e=INTEGER:65537
            """
    }

    private static func writeDER(
        _ name: String, _ structure: String, _ scratch: ScratchFolder
    ) async throws {
        try scratch.write("\(name).conf", "asn1=SEQUENCE:public\n\(structure)\n")
        _ = try await Command.run(
            "openssl", ["asn1parse", "-genconf", "\(name).conf", "-noout", "-out", name],
            in: scratch.path)
    }

    private static func hex(_ bytes: Data) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func object(_ part: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: bytes(part))
        return try #require(object as? [String: Any])
    }

    private static func bytes(_ base64URL: String?) throws -> Data {
        var text = try #require(base64URL).replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return try #require(Data(base64Encoded: text))
    }
}

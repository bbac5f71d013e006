import CredCore
import Foundation
import TestSupport
import Testing
import Workbench

/// Answers that a server compressed although nobody asked it to.
@Suite("Content codings") struct ContentCodingTests {
    private static let text =
        #"{"access_token":"a","token_type":"Bearer","expires_in":3600,"refresh_token":"r"}"#

    /// What Python's zlib made of the text.
    private enum Compressed {
        static let gzip = """
            H4sIAAAAAAACA6tWSkxOTi0uji/Jz07NU7JSSlTSUQKz40sqC1KBAk6piUWpRUDR1IqCzKLU4vhMoDJj \
            MwMDHaWi1DSgQAZcb5FSLQBMv1etUAAAAA==
            """
        static let named = """
            H4sICAAAAAAC/2Fuc3dlci5qc29uAKtWSkxOTi0uji/Jz07NU7JSSlTSUQKz40sqC1KBAk6piUWpRUDR \
            1IqCzKLU4vhMoDJjMwMDHaWi1DSgQAZcb5FSLQBMv1etUAAAAA==
            """
        static let full = """
            H4sIHgAAAAAA/wMAYWJjbmFtZQBub3RlAAAAq1ZKTE5OLS6OL8nPTs1TslJKVNJRArPjSyoLUoECTqmJ \
            RalFQNHUioLMotTi+EygMmMzAwMdpaLUNKBABlxvkVItAEy/V61QAAAA
            """
        static let zlib = """
            eJyrVkpMTk4tLo4vyc9OzVOyUkpU0lECs+NLKgtSgQJOqYlFqUVA0dSKgsyi1OL4TKAyYzMDAx2lotQ0 \
            oEAGXG+RUi0AVZYbBw==
            """
        static let plain = """
            q1ZKTE5OLS6OL8nPTs1TslJKVNJRArPjSyoLUoECTqmJRalFQNHUioLMotTi+EygMmMzAwMdpaLUNKBA \
            BlxvkVItAA==
            """
        static let stored = """
            AVAAr/97ImFjY2Vzc190b2tlbiI6ImEiLCJ0b2tlbl90eXBlIjoiQmVhcmVyIiwiZXhwaXJlc19pbiI6 \
            MzYwMCwicmVmcmVzaF90b2tlbiI6InIifQ==
            """
        static let fixed = """
            q1ZKTE5OLS6OL8nPTs1TslJKVNJRArPjSyoLUoECTqmJRalFQNHUioLMotTi+EygMmMzAwMdpaLUNKBA \
            BlxvkVItAA==
            """
        /// 64 MiB of zeros, compressed twice.
        static let zeros = """
            H4sIAAAAAAACA+3cr05CcRTA8YtcNyYbYiAZ5BGIFAYazAbNjgcgkmVzJgsvQWZjc7PSeAO02f0TnDM5 \
            L9z7GL/z+aSTTzw7+549NrLSQf1jXavth9n8f/nVOMoAAACAxM1e7+vlMSDrFtvLqxsAAAAgdePjVl4d \
            Bf5uT8+tAwAAAJL3MOi3qw+B77tJbh0AAACQvM7v26i6BWyKp5Nr+wAAAIDkvQgGAAAAQCiCAQAAABCL \
            YAAAAADEIhgAAAAAwQgGAAAAQCyCAQAAABCLYAAAAADEIhgAAAAAwQgGAAAAQCyCAQAAABDLYtDvlo8B \
            7Z9iOrw4zAAAAIjkufnZe1/th3wHPEzs+uL+AAA=
            """
        /// The squares below 600 with a comma after each.
        static let squares = """
            H4sIAAAAAAACAy2XSYLEMAgDP9QHY2wD///YqJS5tJN4YxFCvX7xO7/5xfvt+8v3O/N759fxi7V+sTWe \
            o1mtGC3Rmn019vxyH63Xbq07R2Of393zu/V+T+uextJ76XtrfrRuHudqYyydEKGjgjNj6/BIbjlcd7n3 \
            YcDDkpJF0QcbZOFeWBFYvNf8dq7z22eFLNOO/XgqvjWzo3XJjtT5GC3LU+fl0cnJHVm6LVv35siCs2TL \
            waqTsu8cWXqebD6Ft7hxl/y5gcOJx5r5XXy+xdPo21ua1a5QNLXjXe19pVNe67xal+BoR+nOX13dWyUL \
            amRLE/resq8PuXiyuVvWD35ohZ5kpaIpL6eXc0Ww1vbzWQT4aYXCrMUR7IvYyfMhjvEIaTTR3V+mk5jv \
            S/h3kYk9Torzk+c6QWQthwSeeMYGe2Ulz92kTvv0mwpEOCZxm+fn7y9Z87z+Ecoon1OHM8vn13BX+14l \
            nWfbMwvbxnaOwTHYL5/ly174tVcBkPgQkkAkiMNms+BCfPYHk03cdgbf8xhHxfrjvSc55xB5IYbzL/kQ \
            9tl7ydJWdvX9kbstw7XeGd11qZAiz1teAESyr5ph74CJPVdxUIAVE4GzgCixyjU8B6iS9VqTG6wJtgB1 \
            g8DMoPISXGbqaEGZe5Wi4RkM503gfI3sR34FeeO9gX65CupREO3aUIHyTMUovculsFzbVPc6fm59P0HN \
            kXyKhL3KHLSxqc+TW+frXXeJE8wM1LJyI3vOpcLPLQrsucLeo8QKNjh1XWRwhLiEvQ1vnNHR+oVL7goK \
            zLG6sXgOc46gAPvAQ3qnRBNuutk68x74SlWqu+7lXmVoKFl47QqNWlNwnbiLva2y0e+VL1fA0ZqR6app \
            /H3ryneCqioPUYHKfCk+z7h66ef09+M1x+uv916f8zgT17WmuOv5XkVNNpAifR9sk5XQwzJTLOyXmfBH \
            4FdtfCz7W4nvYhPFoQ4xqUt8yjUo3PD8zMdFPKuIbTnO1cRcZacze5GLXuSlzc0d5Ks3uetNHjvJaTu/ \
            Yih46pL3vmBA5svHLvxV4cr3bjDTDX56wNIYV7PA2AR4mwB7FIfIzXwtqofyDlidA27nguExnueB7cFt \
            /YL5afCvkmLvUBdaR5HEinDLifpvP+bKpLA0UGViAUpOA/UX6yMuwcxvbzxX1yt7e5+rOdZQ2hAsN+ir \
            21rAALp0f7QLN0QkRCH6hTU0QCE0QE6JB7loGLNyPVN0p/l6PvIe2IlQQevqfnD8DpP/x2gwuN9yPHfc \
            APZN73s+ZT/4UfzuJqBLuW/31wY+Ts1lgoUYD4Opl7YJ//83gzRD5/nawTV3C4pEIj9WF7kQpWzzfY7J \
            X+AknsflqwbiHnG251SirBR03Er++8r9msz9Os7zfafci87XIJRgLCNvtJ3l/nXDPtyvs4m58U+Vh7da \
            gO/igXSHclzuc5+k/Jlrd1Dduj4ZYiGyHGt5yZy4f7md0YwVRZ8iiuVM6nrc5LhPOOX256auwXl/Q7MP \
            ZAANLxABUR9eKhEHGoylOuXOeI2zspgIlTBRqkZkaDA+axAfQoSj23H8to3rTsRK4Fe4qXJKX9dDP8SN \
            eqxrRTrD3ddlJOwhhjSMG3C0O/Aut+D8evChKAOCZO5ty7RCbImUHZdpRFioKGmza1mcqWvTgNfXjVda \
            wKkMPXct7NazyFumEg2f+Ot2ox9EoRIM/SAGOUVopzELmXRmwETrv4hL5cnNWcGmOytM/ckC+rNMo0Hr \
            UCuDgBqVDJTrlixQBFXe6FkdQXS3ur7f6nquj1cOFIwc5RTkJm8bnbxVOdynTs3t6SYEe2MZuoO5Rmlv \
            aiWsZznloOA0KBaI3FwWJGdZndxPqiiOvBXNZh8ROCtn/Qti65X43rbnbnrlPd53v1NUCJx5yzeoA1rz \
            jG9/ny3Kxid7bOdLW61yxYf3eSQo4R+Ytyiy728cifriUuEoCcHErNIRVEkTz69ZiXQd6ypHvtp5qHFW \
            +stRhzPW6fwJ1xZb17ntL9NdzjvCmbkxJmYZIfPhZbbRM2ksqcng+1zjbD7UTRuDaitIo0XX0BCgNT/s \
            ijCf30557lpErff98fjk1Rr/+aD3IOzCf0BE0Uiy+P6EqF4Ra5APc88yjqbIPlej6J3aFOVY+m0EqIa0 \
            KHTGNbxPLlZYO7aFpDxDVf5LTFG637bFp+qOlUoD+9L8klnXQrPLSnNgojy0RWtNi81Mq80Dg0l6wmdq \
            CLAb/6w4BeGmNykhvBWV47vImEhcM2aKhYmSCJOYQb+sbJj2DxaVpTiZDgAA
            """
    }

    private func body(_ encoding: String, _ bytes: [UInt8]) throws -> [UInt8] {
        let head = encoding.isEmpty ? "" : "Content-Encoding: \(encoding)\r\n"
        return try #require(
            HTTPResponse(wire: Array("HTTP/1.1 200 OK\r\n\(head)\r\n".utf8) + bytes)
        )
        .body
    }

    private func decoded(_ base64: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: base64.replacing(" ", with: ""))))
    }

    @Test(
        "USE-31: a compressed body is read, whatever the server says of it",
        arguments: [
            Row("gzip", Compressed.gzip, "gzip"), Row("capitals", Compressed.gzip, "GZIP"),
            Row("an old name", Compressed.gzip, "x-gzip"), Row("no name", Compressed.gzip, ""),
            Row("another name", Compressed.gzip, "deflate"),
            Row("a file name", Compressed.named, "gzip"),
            Row("a full header", Compressed.full, "gzip"), Row("zlib", Compressed.zlib, "deflate"),
            Row("no frame", Compressed.plain, "deflate"),
            Row("not smaller", Compressed.stored, "deflate"),
            Row("codes that are known", Compressed.fixed, "deflate"),
            Row("with what is none", Compressed.gzip, "identity, gzip"),
        ])
    func compressed(_ row: Row<String, String>) throws {
        #expect(try body(row.wanted, decoded(row.given)) == Array(Self.text.utf8))
    }

    @Test("USE-31: codes of their own and long distances")
    func squares() throws {
        let wanted = (0..<600).map { "\($0 * $0)," }.joined()
        #expect(try body("gzip", decoded(Compressed.squares)) == Array(wanted.utf8))
    }

    @Test(
        "a body that is not compressed stays as it is",
        arguments: ["gzip", "deflate", "br", "utf-8", "identity", "none", "gzip, deflate"])
    func untouched(_ encoding: String) throws {
        #expect(try body(encoding, Array(Self.text.utf8)) == Array(Self.text.utf8))
    }

    @Test("what came before a connection was cut is read")
    func cut() throws {
        let whole = try decoded(Compressed.gzip)
        let start = try body("gzip", Array(whole.dropLast(20)))
        #expect(start.count > 30)
        #expect(Self.text.utf8.starts(with: start))
    }

    @Test("USE-31: a bomb ends at the limit")
    func bomb() throws {
        let bomb = try decoded(Compressed.zeros)
        #expect(try body("gzip", bomb).count == HTTPResponse.maximumByteCount)
    }

    @Test("no bytes make it fail or hang")
    func random() throws {
        let examples = [Compressed.gzip, Compressed.zlib, Compressed.plain, Compressed.squares]
        let texts = try examples.map { String(decoding: try decoded($0), as: UTF8.self) }
        for input in SeededBytes.inputs(count: 20_000, seed: 8, from: texts) {
            _ = try body("deflate", input)
            _ = try body("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + input)
        }
        for example in examples {
            let whole = try decoded(example)
            for index in whole.indices {
                var bytes = whole
                bytes[index] ^= 0x55
                _ = try body("deflate", bytes)
                _ = try body("deflate", Array(whole[..<index]))
            }
        }
    }
}

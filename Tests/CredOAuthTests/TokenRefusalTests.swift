import CredCore
import CredOAuth
import TestSupport
import Testing

/// Answers that are no token.
@Suite("Token refusal") struct TokenRefusalTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let body: String
        var code: String?
        var explanation: String?
    }

    @Test(
        "TOK-10: TOK-11: a no is a no, with the server's own words",
        arguments: [
            Refusal(
                testDescription: "a wrong secret", status: 401,
                body: #"{"error":"invalid_client","error_description":"Bad secret"}"#,
                code: "invalid_client", explanation: "Bad secret"),
            Refusal(
                testDescription: "a client that may not", status: 400,
                body: #"{"error":"unauthorized_client"}"#, code: "unauthorized_client"),
            Refusal(
                testDescription: "a wrong scope", status: 400, body: #"{"error":"invalid_scope"}"#,
                code: "invalid_scope"),
            Refusal(
                testDescription: "an unknown grant", status: 400,
                body: #"{"error":"unsupported_grant_type"}"#, code: "unsupported_grant_type"),
            Refusal(
                testDescription: "a no with status 200", status: 200,
                body: #"{"error":"invalid_grant","access_token":"t","token_type":"Bearer"}"#,
                code: "invalid_grant"),
            Refusal(
                testDescription: "an error that is no text", status: 400,
                body: #"{"error":{"code":7}}"#),
            Refusal(
                testDescription: "an error that is no text with status 200", status: 200,
                body: #"{"error":7}"#),
            Refusal(testDescription: "403 with nothing", status: 403, body: ""),
            Refusal(testDescription: "401 with a page", status: 401, body: "<html>no</html>"),
            Refusal(
                testDescription: "404 with a code", status: 404, body: #"{"error":"no_tenant"}"#,
                code: "no_tenant"),
            Refusal(testDescription: "410", status: 410, body: "{}"),
        ])
    func rejected(_ refusal: Refusal) throws {
        let rejection = try #require(try result(refusal.status, "", refusal.body).rejection)
        #expect(rejection.status == refusal.status)
        #expect(rejection.code == refusal.code)
        #expect(rejection.explanation == refusal.explanation)
    }

    @Test(
        "the reason of a no names the code, else the status",
        arguments: [
            Row(
                "a code and a description",
                #"{"error":"invalid_client","error_description":"Bad secret"}"#,
                "the server answered 'invalid_client': Bad secret"),
            Row(
                "a code", #"{"error":"invalid_client"}"#, "the server answered 'invalid_client'"),
            Row("nothing", "", "the server answered with HTTP status 403"),
        ])
    func reason(_ row: Row<String, String>) throws {
        #expect(try result(403, "", row.given).rejection?.reason == row.wanted)
    }

    @Test(
        "an address without a token endpoint is told from a no",
        arguments: [
            Row("404", 404, ""), Row("405", 405, "Method Not Allowed"),
            Row("a page", 404, "<html>"),
            Row("an object", 404, "{}"),
        ] as [Row<Int, String>])
    func missing(_ row: Row<Int, String>) throws {
        #expect(
            try result(row.given, "", row.wanted)
                == .endpointMissing(
                    .notFound(OAuthRejection(status: row.given))))
    }

    @Test(
        "TOK-13: a server in trouble is worth another try",
        arguments: [
            Row("no time to wait", 408, ""), Row("too early", 425, ""), Row("too many", 429, ""),
            Row("broken", 500, "<html>"), Row("a bad gateway", 502, ""), Row("down", 503, "{}"),
            Row("a slow gateway", 504, ""), Row("out of order", 599, ""),
            Row("a no and trouble", 500, #"{"error":"invalid_client"}"#),
            Row("trouble as a no", 400, #"{"error":"temporarily_unavailable"}"#),
            Row("an error of its own", 400, #"{"error":"server_error"}"#),
        ] as [Row<Int, String>])
    func busy(_ row: Row<Int, String>) throws {
        guard case .busy(let reason, nil) = try result(row.given, "", row.wanted) else {
            Issue.record("not busy")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test(
        "TOK-12: only a device that polls is told by a busy status what others are told to wait for",
        arguments: [
            Row("too many", 429, "slow_down"), Row("down", 503, "slow_down"),
            Row("pending", 429, "authorization_pending"),
        ] as [Row<Int, String>])
    func slowDown(_ row: Row<Int, String>) throws {
        let response = try #require(
            HTTPResponse.text(row.given, "Retry-After: 7\r\n", #"{"error":"\#(row.wanted)"}"#))
        let reason = "the server answered with HTTP status \(row.given)"
        #expect(
            TokenEndpoint.result(response, sent: .none, now: UnixTime(0))
                == .busy(reason, retryAfter: 7))
        let poll = TokenEndpoint.result(response, to: .poll, sent: .none, now: UnixTime(0))
        #expect(poll.rejection?.code == row.wanted)
    }

    @Test(
        "TOK-11: a web page in place of an answer is told as such, with its place",
        arguments: [
            Row("by its type", "Content-Type: Text/HTML; charset=utf-8\r\n", "Welcome"),
            Row("by its beginning", "", "\u{FEFF}\r\n <!doctype html>"),
        ])
    func page(_ row: Row<String, String>) throws {
        let response = try #require(HTTPResponse.text(200, row.given, row.wanted))
        let url = try WebURL("https://as.example/token?tenant=a")
        let reason = "answered with a web page; the network may require you to log in first"
        #expect(
            TokenEndpoint.result(response, from: url, sent: .none, now: UnixTime(0))
                == .unusable("'https://as.example/token' \(reason)"))
        #expect(
            TokenEndpoint.result(response, to: .poll, from: url, sent: .none, now: UnixTime(0))
                == .busy("'https://as.example/token' \(reason)", retryAfter: nil))
    }

    @Test("an object that is sent as a page is an object")
    func objectAsPage() throws {
        let result = try result(
            200, "Content-Type: text/html\r\n", #"{"access_token":"t","token_type":"Bearer"}"#)
        #expect(result.value != nil)
    }

    @Test(
        "TOK-12: the server's wish when to be asked again is seconds or a date, at most an hour",
        arguments: [
            Row("seconds", "7", 7), Row("none", "0", 0), Row("a minute", "60", 60),
            Row("a week", "604800", 3600), Row("eighteen digits", "999999999999999999", 3600),
            // 1 000 000 is 1970-01-12T13:46:40Z.
            Row("a date", "Mon, 12 Jan 1970 13:47:10 GMT", 30),
            Row("a date that has passed", "Mon, 12 Jan 1970 13:46:39 GMT", 0),
            Row("a date in a week", "Mon, 19 Jan 1970 13:46:40 GMT", 3600),
            Row("a date in the next age", "Fri, 31 Dec 9999 23:59:59 GMT", 3600),
            Row("absurd digits", "99999999999999999999", nil), Row("less than none", "-1", nil),
            Row("a fraction", "1.5", nil), Row("a word", "soon", nil), Row("nothing", "", nil),
            Row("a date without a zone", "Mon, 12 Jan 1970 13:47:10", nil),
        ])
    func retryAfter(_ row: Row<String, Int64?>) throws {
        guard
            case .busy(_, let retryAfter) = try result(429, "Retry-After: \(row.given)\r\n", "")
        else {
            Issue.record("not busy")
            return
        }
        #expect(retryAfter == row.wanted)
    }

    @Test(
        "TOK-14: a redirect is no token, whatever it says",
        arguments: [
            Example("301", 301), Example("302", 302), Example("303", 303), Example("307", 307),
            Example("308", 308),
        ])
    func redirect(_ example: Example<Int>) throws {
        let result = try result(
            example.given, "Location: https://evil.example/\r\n",
            #"{"access_token":"t","token_type":"Bearer"}"#)
        #expect(result.problem != nil)
    }

    @Test(
        "TOK-11: success without a JSON object is no token",
        arguments: [
            Example("a page", "<!doctype html><title>Welcome</title>"), Example("nothing", ""),
            Example("a form without one", "token_type=Bearer"), Example("a list", "[]"),
            Example("half a token", #"{"token_type":"Bearer","access_token":"t"#),
            Example("an empty object", "{}"),
        ])
    func noObject(_ example: Example<String>) throws {
        #expect(try result(200, "", example.given).problem != nil)
    }

    @Test(
        "TOK-08: a token in an answer that is damaged or a form is a token",
        arguments: [
            Example("a form", Array("access_token=t&token_type=bearer".utf8)),
            Example("half an object", Array(#"{"access_token":"t","token_type":"Bearer""#.utf8)),
            Example("no type", Array(#"{"access_token":"t""#.utf8)),
            Example("noise after it", Array(#"{"access_token":"t","token_type":"Bearer"}x"#.utf8)),
            Example("no UTF-8", Array(#"{"access_token":"t","x":""#.utf8) + [0xFF, 0x22, 0x7D]),
        ])
    func damaged(_ example: Example<[UInt8]>) {
        #expect(result(200, example.given).token == "t")
    }

    @Test(
        "a damaged answer that names an error, or another status, gives no token",
        arguments: [
            Row("an error", #"{"error":"server_error","access_token":"t""#, 200),
            Row("another type", #"{"token_type":"DPoP","access_token":"t""#, 200),
            Row("no success", #"{"access_token":"t","token_type":"Bearer""#, 400),
            Row("a redirect", "access_token=t", 302),
            Row("a server in trouble", "access_token=t", 500),
        ])
    func damagedRefusal(_ row: Row<String, Int>) {
        #expect(result(row.wanted, Array(row.given.utf8)).token == nil)
    }

    private func result(_ status: Int, _ body: [UInt8]) -> EndpointResult<TokenResponse> {
        TokenEndpoint.result(
            HTTPResponse(status: status, headers: [], body: body), sent: .none,
            now: UnixTime(0))
    }

    private func result(_ status: Int, _ headers: String, _ body: String) throws
        -> EndpointResult<TokenResponse>
    {
        let response = try #require(HTTPResponse.text(status, headers, body))
        return TokenEndpoint.result(response, sent: .none, now: UnixTime(1_000_000))
    }
}

extension EndpointResult<TokenResponse> {
    fileprivate var token: String? {
        if case .success(let response) = self {
            response.authorization.credential.reveal()
        } else {
            nil
        }
    }
}

import TestSupport
import Testing

/// A URL, and the hosts that two programs find in it.
struct HostSpelling: Sendable, CustomTestStringConvertible {
    let url: String
    /// The host and port that browsers and node.js find (the URL standard of the WHATWG); `nil` if
    /// they refuse the URL. They leave out the default port.
    let standard: String?
    /// The host and port that git 2.39 finds; `nil` if it refuses the URL.
    let git: String?

    init(_ url: String, _ standard: String?, _ git: String?) {
        (self.url, self.standard, self.git) = (url, standard, git)
    }

    var testDescription: String { ShownText(url).testDescription }

    static let all: [HostSpelling] = [
        HostSpelling("https://evil.test\\@data.example.com", "evil.test", "data.example.com"),
        HostSpelling("https://evil.test\\@data.example.com/x", "evil.test", "data.example.com"),
        HostSpelling("https://data.example.com\\@evil.test/", "data.example.com", "evil.test"),
        HostSpelling("https://evil.test\\\\@data.example.com", "evil.test", "data.example.com"),
        HostSpelling("https://evil.test\\\\@data.example.com/x", "evil.test", "data.example.com"),
        HostSpelling("https://data.example.com\\\\@evil.test/", "data.example.com", "evil.test"),
        HostSpelling("https://evil.test/\\@data.example.com", "evil.test", "evil.test"),
        HostSpelling("https://evil.test/\\@data.example.com/x", "evil.test", "evil.test"),
        HostSpelling(
            "https://data.example.com/\\@evil.test/", "data.example.com", "data.example.com"),
        HostSpelling("https://evil.test\\/@data.example.com", "evil.test", "evil.test\\"),
        HostSpelling("https://evil.test\\/@data.example.com/x", "evil.test", "evil.test\\"),
        HostSpelling(
            "https://data.example.com\\/@evil.test/", "data.example.com", "data.example.com\\"),
        HostSpelling(
            "https://evil.test%5C@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%5C@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%5C@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test%2F@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%2F@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%2F@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test%3F@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%3F@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%3F@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test%23@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%23@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%23@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test?@data.example.com", "evil.test", "evil.test"),
        HostSpelling("https://evil.test?@data.example.com/x", "evil.test", "evil.test"),
        HostSpelling(
            "https://data.example.com?@evil.test/", "data.example.com", "data.example.com"),
        HostSpelling("https://evil.test#@data.example.com", "evil.test", "evil.test"),
        HostSpelling("https://evil.test#@data.example.com/x", "evil.test", "evil.test"),
        HostSpelling(
            "https://data.example.com#@evil.test/", "data.example.com", "data.example.com"),
        HostSpelling("https://evil.test;@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test;@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com;@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test&@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test&@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com&@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test\u{9}@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test\u{9}@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com\u{9}@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test @data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test @data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com @evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test%00@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%00@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%00@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test%0A@data.example.com", "data.example.com", nil),
        HostSpelling("https://evil.test%0A@data.example.com/x", "data.example.com", nil),
        HostSpelling("https://data.example.com%0A@evil.test/", "evil.test", nil),
        HostSpelling(
            "https://evil.test%09@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%09@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%09@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test%20@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%20@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%20@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test\u{3002}@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test\u{3002}@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com\u{3002}@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test\u{FF0F}@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test\u{FF0F}@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com\u{FF0F}@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test\u{FF20}@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test\u{FF20}@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com\u{FF20}@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test\u{FF1A}@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test\u{FF1A}@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com\u{FF1A}@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test\u{2044}@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test\u{2044}@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com\u{2044}@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test\u{2215}@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test\u{2215}@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com\u{2215}@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test:@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test:@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com:@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test:443@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test:443@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com:443@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test:80@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test:80@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com:80@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test::@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test::@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com::@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test%40@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%40@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%40@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test%3A@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test%3A@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com%3A@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test|@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test|@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com|@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test^@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test^@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com^@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test`@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test`@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com`@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test{@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test{@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com{@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test}@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test}@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com}@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test<@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test<@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com<@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test>@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test>@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com>@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test\"@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test\"@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com\"@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test'@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test'@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com'@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test$@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test$@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com$@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test!@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test!@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com!@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test*@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test*@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com*@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test(@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test(@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com(@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test)@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test)@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com)@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test[@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test[@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com[@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test]@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test]@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com]@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test=@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test=@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com=@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test+@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test+@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com+@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test,@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test,@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com,@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test~@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test~@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com~@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test_@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test_@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com_@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test-@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test-@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com-@evil.test/", "evil.test", "evil.test"),
        HostSpelling("https://evil.test.@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://evil.test.@data.example.com/x", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com.@evil.test/", "evil.test", "evil.test"),
        HostSpelling(
            "https://evil.test@data.example.com@evil.test", "evil.test",
            "data.example.com@evil.test"),
        HostSpelling("https://a@b@data.example.com", "data.example.com", "b@data.example.com"),
        HostSpelling("https://@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://:@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://a:b:c@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://:443@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://a:b@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://a@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://a%40b@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://a%4@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://a%zz@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://a:@data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://DATA.Example.COM", "data.example.com", "DATA.Example.COM"),
        HostSpelling("https://DATA.Example.COM/x.git", "data.example.com", "DATA.Example.COM"),
        HostSpelling("https://data.example.com.", "data.example.com.", "data.example.com."),
        HostSpelling("https://data.example.com./x.git", "data.example.com.", "data.example.com."),
        HostSpelling("https://data.example.com..", "data.example.com..", "data.example.com.."),
        HostSpelling(
            "https://data.example.com../x.git", "data.example.com..", "data.example.com.."),
        HostSpelling("https://.data.example.com", ".data.example.com", ".data.example.com"),
        HostSpelling("https://.data.example.com/x.git", ".data.example.com", ".data.example.com"),
        HostSpelling("https://data..example.com", "data..example.com", "data..example.com"),
        HostSpelling("https://data..example.com/x.git", "data..example.com", "data..example.com"),
        HostSpelling("https://data.example.com%2e", "data.example.com.", "data.example.com."),
        HostSpelling("https://data.example.com%2e/x.git", "data.example.com.", "data.example.com."),
        HostSpelling("https://data%2eexample.com", "data.example.com", "data.example.com"),
        HostSpelling("https://data%2eexample.com/x.git", "data.example.com", "data.example.com"),
        HostSpelling("https://d%61ta.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://d%61ta.example.com/x.git", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://data\u{FF0E}example\u{FF0E}com", "data.example.com",
            "data\u{FF0E}example\u{FF0E}com"),
        HostSpelling(
            "https://data\u{FF0E}example\u{FF0E}com/x.git", "data.example.com",
            "data\u{FF0E}example\u{FF0E}com"),
        HostSpelling(
            "https://data\u{3002}example\u{3002}com", "data.example.com",
            "data\u{3002}example\u{3002}com"),
        HostSpelling(
            "https://data\u{3002}example\u{3002}com/x.git", "data.example.com",
            "data\u{3002}example\u{3002}com"),
        HostSpelling(
            "https://data\u{FF61}example.com", "data.example.com", "data\u{FF61}example.com"),
        HostSpelling(
            "https://data\u{FF61}example.com/x.git", "data.example.com", "data\u{FF61}example.com"),
        HostSpelling(
            "https://\u{FF44}ata.example.com", "data.example.com", "\u{FF44}ata.example.com"),
        HostSpelling(
            "https://\u{FF44}ata.example.com/x.git", "data.example.com", "\u{FF44}ata.example.com"),
        HostSpelling(
            "https://data.example.com\u{AD}", "data.example.com", "data.example.com\u{AD}"),
        HostSpelling(
            "https://data.example.com\u{AD}/x.git", "data.example.com", "data.example.com\u{AD}"),
        HostSpelling(
            "https://data.ex\u{200B}ample.com", "data.example.com", "data.ex\u{200B}ample.com"),
        HostSpelling(
            "https://data.ex\u{200B}ample.com/x.git", "data.example.com", "data.ex\u{200B}ample.com"
        ),
        HostSpelling(
            "https://da\u{212A}a.example.com", "daka.example.com", "da\u{212A}a.example.com"),
        HostSpelling(
            "https://da\u{212A}a.example.com/x.git", "daka.example.com", "da\u{212A}a.example.com"),
        HostSpelling("https://data.example.com:443", "data.example.com", "data.example.com:443"),
        HostSpelling(
            "https://data.example.com:443/x.git", "data.example.com", "data.example.com:443"),
        HostSpelling("https://data.example.com:0443", "data.example.com", "data.example.com:0443"),
        HostSpelling(
            "https://data.example.com:0443/x.git", "data.example.com", "data.example.com:0443"),
        HostSpelling("https://data.example.com:", "data.example.com", "data.example.com:"),
        HostSpelling("https://data.example.com:/x.git", "data.example.com", "data.example.com:"),
        HostSpelling("https://data.example.com:443:443", nil, "data.example.com:443:443"),
        HostSpelling("https://data.example.com:443:443/x.git", nil, "data.example.com:443:443"),
        HostSpelling("https://data.example.com:44 3", nil, "data.example.com:44 3"),
        HostSpelling("https://data.example.com:44 3/x.git", nil, "data.example.com:44 3"),
        HostSpelling("https://data.example.com:+443", nil, "data.example.com:+443"),
        HostSpelling("https://data.example.com:+443/x.git", nil, "data.example.com:+443"),
        HostSpelling("https://data.example.com:-443", nil, "data.example.com:-443"),
        HostSpelling("https://data.example.com:-443/x.git", nil, "data.example.com:-443"),
        HostSpelling("https://data.example.com:443a", nil, "data.example.com:443a"),
        HostSpelling("https://data.example.com:443a/x.git", nil, "data.example.com:443a"),
        HostSpelling("https://data.example.com:0x1bb", nil, "data.example.com:0x1bb"),
        HostSpelling("https://data.example.com:0x1bb/x.git", nil, "data.example.com:0x1bb"),
        HostSpelling("https://data.example.com:65979", nil, "data.example.com:65979"),
        HostSpelling("https://data.example.com:65979/x.git", nil, "data.example.com:65979"),
        HostSpelling("https://data.example.com:%34%34%33", nil, "data.example.com:443"),
        HostSpelling("https://data.example.com:%34%34%33/x.git", nil, "data.example.com:443"),
        HostSpelling("https://data.example.com:80", "data.example.com:80", "data.example.com:80"),
        HostSpelling(
            "https://data.example.com:80/x.git", "data.example.com:80", "data.example.com:80"),
        HostSpelling("https://data.example.com:0", "data.example.com:0", "data.example.com:0"),
        HostSpelling(
            "https://data.example.com:0/x.git", "data.example.com:0", "data.example.com:0"),
        HostSpelling(
            "https://data.example.com,evil.test", "data.example.com,evil.test",
            "data.example.com,evil.test"),
        HostSpelling(
            "https://data.example.com,evil.test/x.git", "data.example.com,evil.test",
            "data.example.com,evil.test"),
        HostSpelling(
            "https://data.example.com;evil.test", "data.example.com;evil.test",
            "data.example.com;evil.test"),
        HostSpelling(
            "https://data.example.com;evil.test/x.git", "data.example.com;evil.test",
            "data.example.com;evil.test"),
        HostSpelling("https://data.example.com|evil.test", nil, "data.example.com|evil.test"),
        HostSpelling("https://data.example.com|evil.test/x.git", nil, "data.example.com|evil.test"),
        HostSpelling("https://[data.example.com]", nil, "[data.example.com]"),
        HostSpelling("https://[data.example.com]/x.git", nil, "[data.example.com]"),
        HostSpelling("https://(data.example.com)", "(data.example.com)", "(data.example.com)"),
        HostSpelling(
            "https://(data.example.com)/x.git", "(data.example.com)", "(data.example.com)"),
        HostSpelling("https://data.example.com%00.evil.test", nil, "data.example.com%00.evil.test"),
        HostSpelling(
            "https://data.example.com%00.evil.test/x.git", nil, "data.example.com%00.evil.test"),
        HostSpelling("https://data.example.com%20", nil, "data.example.com "),
        HostSpelling("https://data.example.com%20/x.git", nil, "data.example.com "),
        HostSpelling(
            "https://data.example.com\\.evil.test", "data.example.com",
            "data.example.com\\.evil.test"),
        HostSpelling(
            "https://data.example.com\\.evil.test/x.git", "data.example.com",
            "data.example.com\\.evil.test"),
        HostSpelling("https://data.example.com\\", "data.example.com", "data.example.com\\"),
        HostSpelling("https://data.example.com\\/x.git", "data.example.com", "data.example.com\\"),
        HostSpelling("https://-data.example.com", "-data.example.com", "-data.example.com"),
        HostSpelling("https://-data.example.com/x.git", "-data.example.com", "-data.example.com"),
        HostSpelling("https://data.example.com-", "data.example.com-", "data.example.com-"),
        HostSpelling("https://data.example.com-/x.git", "data.example.com-", "data.example.com-"),
        HostSpelling("https://_data.example.com", "_data.example.com", "_data.example.com"),
        HostSpelling("https://_data.example.com/x.git", "_data.example.com", "_data.example.com"),
        HostSpelling("https://*.example.com", "*.example.com", "*.example.com"),
        HostSpelling("https://*.example.com/x.git", "*.example.com", "*.example.com"),
        HostSpelling("https://data.example.com%2f.evil.test", nil, "data.example.com/.evil.test"),
        HostSpelling(
            "https://data.example.com%2f.evil.test/x.git", nil, "data.example.com/.evil.test"),
        HostSpelling("https://data.example.com%23.evil.test", nil, "data.example.com#.evil.test"),
        HostSpelling(
            "https://data.example.com%23.evil.test/x.git", nil, "data.example.com#.evil.test"),
        HostSpelling("https://data.example.com%3f.evil.test", nil, "data.example.com?.evil.test"),
        HostSpelling(
            "https://data.example.com%3f.evil.test/x.git", nil, "data.example.com?.evil.test"),
        HostSpelling(
            "https://data.example.com&evil.test", "data.example.com&evil.test",
            "data.example.com&evil.test"),
        HostSpelling(
            "https://data.example.com&evil.test/x.git", "data.example.com&evil.test",
            "data.example.com&evil.test"),
        HostSpelling(
            "https://data.example.com$evil.test", "data.example.com$evil.test",
            "data.example.com$evil.test"),
        HostSpelling(
            "https://data.example.com$evil.test/x.git", "data.example.com$evil.test",
            "data.example.com$evil.test"),
        HostSpelling(
            "https://data.example.com!evil.test", "data.example.com!evil.test",
            "data.example.com!evil.test"),
        HostSpelling(
            "https://data.example.com!evil.test/x.git", "data.example.com!evil.test",
            "data.example.com!evil.test"),
        HostSpelling("https://data.example.com'", "data.example.com'", "data.example.com'"),
        HostSpelling("https://data.example.com'/x.git", "data.example.com'", "data.example.com'"),
        HostSpelling(
            "https://xn--data-.example.com", "xn--data-.example.com", "xn--data-.example.com"),
        HostSpelling(
            "https://xn--data-.example.com/x.git", "xn--data-.example.com", "xn--data-.example.com"),
        HostSpelling("http://127.0.0.1:8080/", "127.0.0.1:8080", "127.0.0.1:8080"),
        HostSpelling("http://127.0.0.1", "127.0.0.1", "127.0.0.1"),
        HostSpelling("http://127.1:8080/", "127.0.0.1:8080", "127.1:8080"),
        HostSpelling("http://127.1", "127.0.0.1", "127.1"),
        HostSpelling("http://127.0.1:8080/", "127.0.0.1:8080", "127.0.1:8080"),
        HostSpelling("http://127.0.1", "127.0.0.1", "127.0.1"),
        HostSpelling("http://2130706433:8080/", "127.0.0.1:8080", "2130706433:8080"),
        HostSpelling("http://2130706433", "127.0.0.1", "2130706433"),
        HostSpelling("http://0x7f000001:8080/", "127.0.0.1:8080", "0x7f000001:8080"),
        HostSpelling("http://0x7f000001", "127.0.0.1", "0x7f000001"),
        HostSpelling("http://0x7f.0.0.1:8080/", "127.0.0.1:8080", "0x7f.0.0.1:8080"),
        HostSpelling("http://0x7f.0.0.1", "127.0.0.1", "0x7f.0.0.1"),
        HostSpelling("http://0177.0.0.1:8080/", "127.0.0.1:8080", "0177.0.0.1:8080"),
        HostSpelling("http://0177.0.0.1", "127.0.0.1", "0177.0.0.1"),
        HostSpelling("http://127.0.0.01:8080/", "127.0.0.1:8080", "127.0.0.01:8080"),
        HostSpelling("http://127.0.0.01", "127.0.0.1", "127.0.0.01"),
        HostSpelling("http://127.0.0.1.:8080/", "127.0.0.1:8080", "127.0.0.1.:8080"),
        HostSpelling("http://127.0.0.1.", "127.0.0.1", "127.0.0.1."),
        HostSpelling("http://127.0.0.256:8080/", nil, "127.0.0.256:8080"),
        HostSpelling("http://127.0.0.256", nil, "127.0.0.256"),
        HostSpelling(
            "http://127.0.0.1.evil.test:8080/", "127.0.0.1.evil.test:8080",
            "127.0.0.1.evil.test:8080"),
        HostSpelling("http://127.0.0.1.evil.test", "127.0.0.1.evil.test", "127.0.0.1.evil.test"),
        HostSpelling("http://0:8080/", "0.0.0.0:8080", "0:8080"),
        HostSpelling("http://0", "0.0.0.0", "0"),
        HostSpelling("http://0.0.0.0:8080/", "0.0.0.0:8080", "0.0.0.0:8080"),
        HostSpelling("http://0.0.0.0", "0.0.0.0", "0.0.0.0"),
        HostSpelling("http://[::1]:8080/", "[::1]:8080", "[::1]:8080"),
        HostSpelling("http://[::1]", "[::1]", "[::1]"),
        HostSpelling("http://[0:0:0:0:0:0:0:1]:8080/", "[::1]:8080", "[0:0:0:0:0:0:0:1]:8080"),
        HostSpelling("http://[0:0:0:0:0:0:0:1]", "[::1]", "[0:0:0:0:0:0:0:1]"),
        HostSpelling(
            "http://[::ffff:127.0.0.1]:8080/", "[::ffff:7f00:1]:8080", "[::ffff:127.0.0.1]:8080"),
        HostSpelling("http://[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]"),
        HostSpelling(
            "http://[::ffff:7f00:1]:8080/", "[::ffff:7f00:1]:8080", "[::ffff:7f00:1]:8080"),
        HostSpelling("http://[::ffff:7f00:1]", "[::ffff:7f00:1]", "[::ffff:7f00:1]"),
        HostSpelling("http://[::1%25lo]:8080/", nil, "[::1%lo]:8080"),
        HostSpelling("http://[::1%25lo]", nil, "[::1%lo]"),
        HostSpelling("http://[::1%lo]:8080/", nil, "[::1%lo]:8080"),
        HostSpelling("http://[::1%lo]", nil, "[::1%lo]"),
        HostSpelling("http://[::]:8080/", "[::]:8080", "[::]:8080"),
        HostSpelling("http://[::]", "[::]", "[::]"),
        HostSpelling("http://::1:8080/", nil, "::1:8080"),
        HostSpelling("http://::1", nil, "::1"),
        HostSpelling("http://[::1:8080/", nil, "[::1:8080"),
        HostSpelling("http://[::1", nil, "[::1"),
        HostSpelling("http://[::1]a:8080/", nil, "[::1]a:8080"),
        HostSpelling("http://[::1]a", nil, "[::1]a"),
        HostSpelling("http://[::1]::8080/", nil, "[::1]::8080"),
        HostSpelling("http://[::1]:", "[::1]", "[::1]:"),
        HostSpelling("http://[::1]:80:8080/", nil, "[::1]:80:8080"),
        HostSpelling("http://[::1]:80", "[::1]", "[::1]:80"),
        HostSpelling("http://[v1.x]:8080/", nil, "[v1.x]:8080"),
        HostSpelling("http://[v1.x]", nil, "[v1.x]"),
        HostSpelling("http://localhost:8080/", "localhost:8080", "localhost:8080"),
        HostSpelling("http://localhost", "localhost", "localhost"),
        HostSpelling("http://LOCALHOST:8080/", "localhost:8080", "LOCALHOST:8080"),
        HostSpelling("http://LOCALHOST", "localhost", "LOCALHOST"),
        HostSpelling("http://localhost.:8080/", "localhost.:8080", "localhost.:8080"),
        HostSpelling("http://localhost.", "localhost.", "localhost."),
        HostSpelling("http://a.localhost:8080/", "a.localhost:8080", "a.localhost:8080"),
        HostSpelling("http://a.localhost", "a.localhost", "a.localhost"),
        HostSpelling("http://loc%61lhost:8080/", "localhost:8080", "loc%61lhost:8080"),
        HostSpelling("http://loc%61lhost", "localhost", "localhost"),
        HostSpelling(
            "http://\u{24DB}\u{24DE}\u{24D2}alhost:8080/", "localhost:8080",
            "\u{24DB}\u{24DE}\u{24D2}alhost:8080"),
        HostSpelling(
            "http://\u{24DB}\u{24DE}\u{24D2}alhost", "localhost", "\u{24DB}\u{24DE}\u{24D2}alhost"),
        HostSpelling("http://127%2e0.0.1:8080/", "127.0.0.1:8080", "127%2e0.0.1:8080"),
        HostSpelling("http://127%2e0.0.1", "127.0.0.1", "127.0.0.1"),
        HostSpelling("http://127.0.0.1%00:8080/", nil, "127.0.0.1%00:8080"),
        HostSpelling("http://127.0.0.1%00", nil, "127.0.0.1%00"),
        HostSpelling("http://1\u{FF0E}0.0.1:8080/", "1.0.0.1:8080", "1\u{FF0E}0.0.1:8080"),
        HostSpelling("http://1\u{FF0E}0.0.1", "1.0.0.1", "1\u{FF0E}0.0.1"),
        HostSpelling("HTTPS://data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("Https://data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https:data.example.com", "data.example.com", nil),
        HostSpelling("https:/data.example.com", "data.example.com", nil),
        HostSpelling("https:///data.example.com", "data.example.com", ""),
        HostSpelling("https:////data.example.com", "data.example.com", ""),
        HostSpelling("https:\\\\data.example.com", "data.example.com", nil),
        HostSpelling("https:/\\data.example.com", "data.example.com", nil),
        HostSpelling("//data.example.com", nil, nil),
        HostSpelling("/data.example.com", nil, nil),
        HostSpelling("data.example.com", nil, nil),
        HostSpelling("https ://data.example.com", nil, "data.example.com"),
        HostSpelling(" https://data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com ", "data.example.com", "data.example.com "),
        HostSpelling("\u{9}https://data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("ht%0Atps://data.example.com", nil, "data.example.com"),
        HostSpelling("https://data.example.com\u{9}", "data.example.com", "data.example.com\u{9}"),
        HostSpelling("https://data.example.com\u{D}", "data.example.com", "data.example.com"),
        HostSpelling("http://data.example.com", "data.example.com", "data.example.com"),
        HostSpelling("ftp://data.example.com", nil, "data.example.com"),
        HostSpelling("ssh://data.example.com", nil, "data.example.com"),
        HostSpelling("git://data.example.com", nil, "data.example.com"),
        HostSpelling("file://data.example.com", nil, "data.example.com"),
        HostSpelling("https%3A//data.example.com", nil, nil),
        HostSpelling("https:%2F%2Fdata.example.com", nil, nil),
        HostSpelling("https://data.example.com?@evil.test", "data.example.com", "data.example.com"),
        HostSpelling("https://evil.test/@data.example.com", "evil.test", "evil.test"),
        HostSpelling("https://data.example.com/@evil.test", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://data.example.com/\\@evil.test", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://data.example.com/..//evil.test", "data.example.com", "data.example.com"),
        HostSpelling(
            "https://data.example.com/%2f@evil.test", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com/a b", "data.example.com", "data.example.com"),
        HostSpelling("https://data.example.com/\u{E9}", "data.example.com", "data.example.com"),
        HostSpelling("x-https://data.example.com", nil, "data.example.com"),
        HostSpelling("https+git://data.example.com", nil, "data.example.com"),
        HostSpelling("javascript:https://data.example.com", nil, "data.example.com"),
        HostSpelling("https://https://data.example.com", "https", "https:"),
        HostSpelling(
            "https://data.example.com://evil.test", "data.example.com", "data.example.com:"),
        HostSpelling(
            "https://user:pass@data.example.com:443/x?y#z", "data.example.com",
            "data.example.com:443"),
        HostSpelling("https://\u{202E}data.example.com", nil, "\u{202E}data.example.com"),
        HostSpelling("https://data.example.com\u{202E}", nil, "data.example.com\u{202E}"),
        HostSpelling(
            "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.data.example.com",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.data.example.com",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.data.example.com"),
        HostSpelling(
            "https://a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.data.example.com",
            "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.data.example.com",
            "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.data.example.com"
        ),
    ]
}

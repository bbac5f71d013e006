import CredCore
import TestSupport
import Testing

@Suite("HTTP dates") struct HTTPDateTests {
    /// 2026-11-21
    private static let now = UnixTime(1_795_219_200)

    @Test(
        "the HTTP date of RFC 9110 §5.6.7 is read",
        arguments: [
            Row("the RFC's example", "Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            Row("the beginning", "Thu, 01 Jan 1970 00:00:00 GMT", 0),
            Row("a leap second", "Mon, 31 Dec 1990 23:59:60 GMT", 662_687_999),
            Row("the form of RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            Row("that of C's asctime", "Sun Nov  6 08:49:37 1994", 784_111_777),
            Row("a year 50 years ahead", "Friday, 01-Jan-76 00:00:00 GMT", 3_345_062_400),
            Row("a year 51 years ahead", "Saturday, 01-Jan-77 00:00:00 GMT", 220_924_800),
        ])
    func readHTTPDate(_ row: Row<String, Int64>) {
        #expect(UnixTime(httpDate: row.given, now: Self.now)?.seconds == row.wanted)
    }

    @Test(
        "what is no HTTP date is refused",
        arguments: [
            "", "GMT", "3600", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov -994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT",
            "1994-11-06T08:49:37Z", "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sunday, 06-Nov 08:49:37 GMT",
            "Sunday, 06-11-94 08:49:37 GMT", "Sun Nov  6 08:49:37 94 GMT", "Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
        ])
    func refusedHTTPDate(_ text: String) {
        #expect(UnixTime(httpDate: text, now: Self.now) == nil)
    }

    @Test(
        "a server cannot name a year that does not fit",
        arguments: ["10000", "25000000000000000", "292277026597", "999999999999999999"])
    func hugeYear(_ year: String) {
        #expect(UnixTime(httpDate: "Sun, 06 Nov \(year) 08:49:37 GMT", now: Self.now) == nil)
    }
}

import CredCore
import TestSupport
import Testing

@Suite("Dates in text") struct DateTextTests {
    @Test(
        "RFC 3339 text is read",
        arguments: [
            Row("§5.8, a fraction", "1985-04-12T23:20:50.52Z", 482_196_050),
            Row("§5.8, west of UTC", "1996-12-19T16:39:57-08:00", 851_042_397),
            Row("§5.8, a leap second", "1990-12-31T23:59:60Z", 662_687_999),
            Row("§5.8, a leap second in the west", "1990-12-31T15:59:60-08:00", 662_687_999),
            Row("§5.8, Amsterdam in 1937", "1937-01-01T12:00:27.87+00:20", -1_041_337_173),
            Row("the beginning", "1970-01-01T00:00:00Z", 0),
            Row("a second earlier", "1969-12-31T23:59:59Z", -1),
            Row("lower case", "1970-01-01t00:00:01z", 1),
            Row("an unknown offset", "1970-01-01T00:00:00-00:00", 0),
            Row("the widest offset", "1970-01-02T00:00:00+23:59", 60),
            Row("a long fraction", "1970-01-01T00:00:00.99999999999999999999Z", 0),
            Row("the leap day of 2000", "2000-02-29T00:00:00Z", 951_782_400),
            Row("after 32 bits", "2038-01-19T03:14:08Z", 2_147_483_648),
            Row("the day after the missing leap day", "2100-03-01T00:00:00Z", 4_107_542_400),
            Row("the last", "9999-12-31T23:59:59Z", 253_402_300_799),
            Row("the first of our era", "0001-01-01T00:00:00Z", -62_135_596_800),
            Row("the year 0", "0000-12-31T23:59:59Z", -62_135_596_801),
        ])
    func readRFC3339(_ row: Row<String, Int64>) {
        #expect(UnixTime(rfc3339: row.given)?.seconds == row.wanted)
    }

    @Test(
        "a moment is told for people in any zone",
        arguments: [
            Row("Greenwich", 0, "2009-02-13 23:31:30 +00:00"),
            Row("east", 3600, "2009-02-14 00:31:30 +01:00"),
            Row("half an hour", 19_800, "2009-02-14 05:01:30 +05:30"),
            Row("west", -12_600, "2009-02-13 20:01:30 -03:30"),
            Row("seconds, long ago", 4_772, "2009-02-14 00:51:02 +01:19"),
        ])
    func local(_ row: Row<Int64, String>) {
        #expect(UnixTime(1_234_567_890).text(offset: row.given) == row.wanted)
    }

    @Test(
        "text outside RFC 3339 is refused",
        arguments: [
            "", "Z", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z",
            "1970-1-01T00:00:00Z", "70-01-01T00:00:00Z", "+1970-01-01T00:00:00Z",
            "19700-01-01T00:00:00Z", "-1970-01-01T00:00:00Z", "1970-13-01T00:00:00Z",
            "1970-00-01T00:00:00Z", "1970-02-30T00:00:00Z", "1970-04-31T00:00:00Z",
            "1900-02-29T00:00:00Z", "2026-02-29T00:00:00Z", "1970-01-00T00:00:00Z",
            "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T00:00:61Z",
            "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00,5Z", "1970-01-01T00:00:00.5",
            "1970-01-01T00:00:00+0000", "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00+00:60",
            "1970-01-01T00:00:00+00", "1970-01-01T00:00:00ZZ", "1970-01-01T00:00:00Z ",
            " 1970-01-01T00:00:00Z", "1970-01-01T-1:00:00Z", "1970-01-01T00:00:00*00:00",
            "1970/01/01T00:00:00Z", "1970-01-01T00-00-00Z", "１970-01-01T00:00:00Z",
        ])
    func refusedRFC3339(_ text: String) {
        #expect(UnixTime(rfc3339: text) == nil)
    }

    @Test(
        "a moment is written in UTC",
        arguments: [
            Row("the beginning", 0, "1970-01-01T00:00:00Z"),
            Row("a second earlier", -1, "1969-12-31T23:59:59Z"),
            Row("some day", 1_795_230_500, "2026-11-21T03:08:20Z"),
            Row("a leap day", 951_782_400, "2000-02-29T00:00:00Z"),
            Row("before 1900", -2_203_891_201, "1900-02-28T23:59:59Z"),
            Row("the first of our era", -62_135_596_800, "0001-01-01T00:00:00Z"),
            Row("the last", 253_402_300_799, "9999-12-31T23:59:59Z"),
        ])
    func write(_ row: Row<Int64, String>) {
        #expect(UnixTime(row.given).rfc3339 == row.wanted)
        #expect(UnixTime(rfc3339: row.wanted) == UnixTime(row.given))
    }

    @Test(
        "the outermost moments have a date that leads back to them",
        arguments: [.min, .min + 1, -1, 0, .max - 1, .max] as [Int64])
    func outermost(_ seconds: Int64) {
        let time = UnixTime(seconds)
        #expect(CalendarDate(time).time == time)
        #expect(!time.rfc3339.isEmpty)
    }

    @Test("every day of 400 years leads back to itself")
    func everyDay() {
        let days = Int64(-73_048)...73_048
        let wrong = days.filter { day in
            let time = UnixTime(day * 86_400 + 43_200)
            return CalendarDate(time).time != time || UnixTime(rfc3339: time.rfc3339) != time
        }
        #expect(wrong.isEmpty)
    }

    @Test(
        "decimal digits and nothing else make a number",
        arguments: [
            Row("zeros in front", "007", 7),
            Row("18 digits", "999999999999999999", 999_999_999_999_999_999),
            Row("19 digits", "1000000000000000000", nil), Row("nothing", "", nil),
            Row("a sign", "+1", nil), Row("minus", "-1", nil), Row("a space", " 1", nil),
            Row("a fraction", "1.0", nil), Row("another script", "١", nil),
        ] as [Row<String, Int64?>])
    func digits(_ row: Row<String, Int64?>) {
        #expect(Int64(digits: row.given.utf8) == row.wanted)
    }
}

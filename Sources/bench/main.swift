import Foundation
import Workbench

guard let effort = Effort(arguments: CommandLine.arguments.dropFirst()) else {
    FileHandle.standardError.write(Data("usage: swift run -c release bench [--quick]\n".utf8))
    exit(2)
}
let cleanUp = CleanUp()
var complaint: String?
do {
    let site = try Site(effort, cleanUp)
    Table.begin(effort)
    try Cached(site).report()
    try PeakMemory(site).report()
    try SystemCalls(site).report()
    try Fetch(site).report()
    try Crowd(site).report()
    try ManyProfiles(site).report()
    try OtherPrograms(site, cleanUp).report()
} catch {
    complaint = "bench: \(error)\n"
}
cleanUp.run()
if let complaint {
    FileHandle.standardError.write(Data(complaint.utf8))
    exit(1)
}

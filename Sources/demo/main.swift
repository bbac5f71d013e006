import Foundation
import Workbench

let cleanUp = CleanUp()
var complaint: String?
do {
    try Demonstration(cleanUp).run()
} catch {
    complaint = "demo: \(error)\n"
}
cleanUp.run()
if let complaint {
    FileHandle.standardError.write(Data(complaint.utf8))
    exit(1)
}

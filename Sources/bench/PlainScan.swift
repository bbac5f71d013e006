import Workbench

/// A program in C that opens and reads the file of every profile and does nothing with it: what to
/// look for a host takes at least.
struct PlainScan {
    private let program: String

    /// `nil` where there is no C compiler.
    init?(_ site: Site) throws {
        guard let compiler = SearchPath.find("cc") else { return nil }
        let source = try site.home.write("\(site.home.work)/scan.c", Self.source)
        program = "\(site.home.work)/scan"
        _ = try site.home.command(compiler, ["-O2", "-o", program, source]).output()
    }

    func command(in home: ScratchHome) -> Command {
        home.command(program, [home.absolute(".planet")])
    }

    private static let source = """
        #include <dirent.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <sys/stat.h>
        #include <unistd.h>

        static char path[4096], bytes[1 << 20];

        int main(int count, char **words) {
            unsigned sum = 0;
            DIR *folder = opendir(words[count - 1]);
            struct dirent *entry;
            while (folder && (entry = readdir(folder))) {
                snprintf(path, sizeof path, "%s/%s/auth_client.json", words[1], entry->d_name);
                int file = open(path, O_RDONLY | O_CLOEXEC);
                struct stat status;
                if (file < 0) continue;
                if (fstat(file, &status) == 0) {
                    ssize_t length = read(file, bytes, sizeof bytes);
                    for (ssize_t i = 0; i < length; i++) sum += bytes[i];
                }
                close(file);
            }
            return sum == 0;
        }

        """
}

import Glibc
import Workbench

/// A token endpoint behind TLS with a certificate made for it, played by Python: the practice
/// server speaks plain HTTP only. The certificate is its own authority, `work/cert.pem`.
final class TLSServer: Sendable {
    let port: Int
    private let process: RunningCommand

    enum Life: String { case valid, expired }

    /// - Parameters:
    ///   - name: whom the certificate is for, as `subjectAltName` has it.
    ///   - version: the newest version that the server speaks, as Python names it.
    init(for name: String, _ life: Life = .valid, version: String = "TLSv1_3", in home: ScratchHome)
        async throws
    {
        _ = try await home.shell(Self.certificateScript, name, life.rawValue)
        let program = home.command("/usr/bin/python3", ["-c", Self.program, version])
        process = try program.start()
        let file = "\(home.root)/work/port"
        try await Condition.wait(for: "the port of the TLS server") { home.exists(file) }
        port = Int(try home.read(file)) ?? 0
    }

    deinit { process.signal(SIGKILL) }

    var tokenEndpoint: String { "https://127.0.0.1:\(port)/token" }

    /// Only `openssl ca` makes certificates of the past.
    private static let certificateScript = """
        set -e
        mkdir ca; touch ca/index; echo 01 >ca/serial
        printf '%s\\n' '[ca]' 'default_ca=a' '[a]' 'dir=ca' 'database=ca/index' 'new_certs_dir=ca' \
            'serial=ca/serial' 'default_md=sha256' 'policy=p' 'x509_extensions=x' '[p]' \
            'commonName=supplied' '[x]' "subjectAltName=$1" 'basicConstraints=CA:TRUE' \
            '[req]' 'distinguished_name=d' '[d]' >ca/config
        openssl req -newkey rsa:2048 -nodes -keyout key.pem -out ca/request -subj /CN=practice \
            -config ca/config
        end=20491231235959Z
        if [ $2 = expired ]; then end=20200102000000Z; fi
        openssl ca -batch -selfsign -notext -keyfile key.pem -in ca/request -out cert.pem \
            -startdate 20200101000000Z -enddate $end -config ca/config
        """

    private static let program = """
        import http.server, os, ssl, sys
        class Token(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                body = b'{"access_token": "over-tls", "token_type": "Bearer", "expires_in": 3600}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *words): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Token)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion[sys.argv[1]]
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with open("port.new", "w") as file: file.write(str(server.server_address[1]))
        os.rename("port.new", "port")
        server.serve_forever()
        """
}

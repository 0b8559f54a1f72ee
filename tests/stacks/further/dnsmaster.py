"""A name server with one zone, far.example., which a secondary may transfer. Run by the environment of the cloud, which has dnspython; it prints its port."""

# mypy: ignore-errors

import socketserver
import struct

import dns.message
import dns.rdatatype
import dns.rrset
import dns.zone

TEXT = """
@ 1234 SOA ns.far.example. dns.far.example. 7 3600 600 86400 60
@ NS ns
ns A 10.0.0.5
www A 10.0.0.6
"""
ZONE = dns.zone.from_text(TEXT, "far.example.", relativize=False)


class Transfer(socketserver.StreamRequestHandler):
    """Any question is answered with the whole zone, which begins and ends with its SOA (RFC 5936)."""

    def handle(self):
        (length,) = struct.unpack("!H", self.rfile.read(2))
        answer = dns.message.make_response(dns.message.from_wire(self.rfile.read(length)))
        soa = ZONE.get_rrset(ZONE.origin, dns.rdatatype.SOA)
        sets = (dns.rrset.from_rdata_list(name, found.ttl, found) for name, node in ZONE.nodes.items() for found in node if found.rdtype != soa.rdtype)
        answer.answer = [soa, *sets, soa]
        wire = answer.to_wire()
        self.wfile.write(struct.pack("!H", len(wire)) + wire)


if __name__ == "__main__":
    with socketserver.TCPServer(("127.0.0.1", 0), Transfer) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()

"""Runs h2spec against both ports and names every case that fails; see .ci/h2spec. Fails on a case that is not known to."""
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from parts import check, problems

CASES = 146

# What the libraries do not as h2spec wants it, by place and name; nothing here has a say in it.
BOTH_SPEAK = "the port speaks HTTP/1.1 too: Jetty says 400 in its words, then closes"
DROPPED = "Jetty drops what comes late on a stream that it has forgotten, which some are only when the answer was quick"
EARLY = "now and then the answer leaves before the body that is too long or too short has come: it was not needed"
ANSWERED = "Jetty answers it with 400 and resets the stream, as RFC 9113, 8.1.1, allows; h2spec wants the reset alone"
HTTP = {
    ("3.5", "Sends invalid connection preface"): BOTH_SPEAK,
    ("5.1", "closed: Sends a DATA frame after sending RST_STREAM frame"): DROPPED,
    ("5.1", "closed: Sends a DATA frame"): DROPPED,
    ("5.1", "half closed (remote): Sends a DATA frame"): DROPPED,
    ("6.1", 'Sends a DATA frame on the stream that is not in "open" or "half-closed (local)" state'): DROPPED,
    ("8.1.2", "Sends a HEADERS frame that contains the header field name in uppercase letters"): ANSWERED,
    ("8.1.2.1", "Sends a HEADERS frame that contains a unknown pseudo-header field"): ANSWERED,
    ("8.1.2.1", "Sends a HEADERS frame that contains the pseudo-header field defined for response"): ANSWERED,
    ("8.1.2.2", "Sends a HEADERS frame that contains the connection-specific header field"): ANSWERED,
    ("8.1.2.2", 'Sends a HEADERS frame that contains the TE header field with any value other than "trailers"'): ANSWERED,
    ("8.1.2.3", 'Sends a HEADERS frame with empty ":path" pseudo-header field'): ANSWERED,
    ("8.1.2.3", 'Sends a HEADERS frame that omits ":method" pseudo-header field'): ANSWERED,
    ("8.1.2.3", 'Sends a HEADERS frame that omits ":scheme" pseudo-header field'): ANSWERED,
    ("8.1.2.3", 'Sends a HEADERS frame that omits ":path" pseudo-header field'): ANSWERED,
    ("8.1.2.3", 'Sends a HEADERS frame with duplicated ":method" pseudo-header field'): ANSWERED,
    ("8.1.2.3", 'Sends a HEADERS frame with duplicated ":scheme" pseudo-header field'): ANSWERED,
    ("8.1.2.3", 'Sends a HEADERS frame with duplicated ":path" pseudo-header field'): ANSWERED,
    ("8.1.2.6", 'Sends a HEADERS frame with the "content-length" header field which does not equal the DATA frame payload length'): EARLY,
    ("8.1.2.6", 'Sends a HEADERS frame with the "content-length" header field which does not equal the sum of the multiple DATA frames payload length'): EARLY,
}
LATE = "gRPC's Netty takes it as late, and answers or resets the stream rather than end the connection"
UNCHECKED = "gRPC looks at the path and the type of a call, which it refuses, and at no other of these fields"
GRPC = {
    ("5.1", "half closed (remote): Sends a HEADERS frame"): LATE,
    ("5.1", "closed: Sends a HEADERS frame"): LATE,
    ("5.1.1", "Sends stream identifier that is numerically smaller than previous"): LATE,
    ("8.1.2.3", 'Sends a HEADERS frame with empty ":path" pseudo-header field'): UNCHECKED,
    ("8.1.2.3", 'Sends a HEADERS frame that omits ":method" pseudo-header field'): UNCHECKED,
    ("8.1.2.3", 'Sends a HEADERS frame that omits ":scheme" pseudo-header field'): UNCHECKED,
    ("8.1.2.3", 'Sends a HEADERS frame that omits ":path" pseudo-header field'): UNCHECKED,
}


def failures(h2spec, address, path):
    """What failed, by place and name, and how many cases there were."""
    host, port = address.rsplit(":", 1)
    with tempfile.TemporaryDirectory() as work:
        report = os.path.join(work, "report.xml")
        # -o: a case that waits for what does not come takes so long
        subprocess.run([h2spec, "-h", host, "-p", port, "-P", path, "-o", "2", "--strict", "-j", report], stdout=subprocess.DEVNULL, check=False)
        cases = list(xml.etree.ElementTree.parse(report).getroot().iter("testcase"))
    failed = [case for case in cases if case.find("error") is not None or case.find("failure") is not None]
    return [(case.get("package").removeprefix("http2/"), case.get("classname")) for case in failed], len(cases)


def judge(what, h2spec, address, path, known):
    failed, count = failures(h2spec, address, path)
    for case in failed:
        if case in known:
            print("known", *case, "-", known[case])
    new = [case for case in failed if case not in known]
    for _ in range(2):
        if new:  # some cases race with the answer: what is wrong fails each time
            print("again, for", *new)
            again, _ = failures(h2spec, address, path)
            new = [case for case in new if case in again]
    check("%s: %d of %d cases pass, and none fails each time that is not known to" % (what, count - len(failed), count), not new and count == CASES, str(new))


def main(h2spec, grpc, http):
    judge("gRPC port", h2spec, grpc, "/", GRPC)
    judge("HTTP port", h2spec, http, "/v1/models", HTTP)
    sys.exit(1 if problems else 0)


main(*sys.argv[1:])

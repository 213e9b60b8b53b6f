"""What the scripts share that drive real parts: ports, waiting, and telling what held."""
import socket
import time
import urllib.request

PATIENCE_SECONDS = 60
problems = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(what, condition, seconds=PATIENCE_SECONDS, meanwhile=OSError):
    """Waits until condition holds; meanwhile is what it may raise before that."""
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except meanwhile:
            pass
        if time.monotonic() > end:
            raise SystemExit("FAIL " + what)
        time.sleep(0.02)


def check(name, good, detail=""):
    print("ok  " if good else "FAIL", name, detail if not good else "", flush=True)
    if not good:
        problems.append(name)


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()

"""A real Chromium without a window, spoken to through its debugging pipe; no package is needed.

    with Browser() as browser:
        page = browser.open(url, width=390, height=844, dark=True)
        page.evaluate("document.title"); page.screenshot(path); page.complaints
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome")
                 if (found := shutil.which(name))), None)
MISSING = "needs chromium: apt-get install chromium"
# Sandboxes and GPUs are often not to be had where tests run.
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--hide-scrollbars", "--no-first-run", "--disable-extensions", "--disable-sync",
         "--disable-background-networking", "--disable-component-update",
         "--remote-debugging-pipe")


class Browser:
    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="nas-browser-", ignore_cleanup_errors=True)
        from_us, self.to = os.pipe()
        self.answers, to_us = os.pipe()

        def take_pipes():  # Chromium reads commands from 3 and answers on 4
            first, second = os.dup(from_us), os.dup(to_us)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [CHROMIUM, *FLAGS, f"--user-data-dir={self.profile.name}", "about:blank"],
            preexec_fn=take_pipes, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(from_us)
        os.close(to_us)
        self.buffer, self.asked, self.events = b"", 0, []
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.answers)
        self.profile.cleanup()

    def receive(self):
        while b"\0" not in self.buffer:
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise RuntimeError("chromium has ended")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, session=None, **parameters):
        self.asked += 1
        message = {"id": self.asked, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.asked:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, url, width=1200, height=900, dark=False, phone=False):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log"):
            page.ask(f"{domain}.enable")
        page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=phone)
        page.scheme(dark)
        page.ask("Page.navigate", url=url)
        page.wait("document.readyState === 'complete'")
        return page


class Page:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session

    def ask(self, method, **parameters):
        return self.browser.ask(method, self.session, **parameters)

    def scheme(self, dark):
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def evaluate(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True,
                          awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def wait(self, expression, seconds=60):
        for _ in range(seconds * 50):
            if self.evaluate(expression):
                return
            time.sleep(0.02)
        raise AssertionError(f"{expression} did not become true within {seconds} s")

    @property
    def complaints(self):
        """What the page wrote to the console as a warning or an error, and what it threw."""
        self.evaluate("0")
        found = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            what, said = event["method"], event["params"]
            if what == "Runtime.exceptionThrown" or (
                    what == "Runtime.consoleAPICalled" and said["type"] in ("error", "warning")) or (
                    what == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning")):
                found.append(json.dumps(said)[:600])
        return found

    def screenshot(self, path, clip=None):
        """What is seen, or the part {x, y, width, height, scale} of the page."""
        part = {"clip": clip, "captureBeyondViewport": True} if clip else {}
        picture = self.ask("Page.captureScreenshot", format="png", **part)
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def pdf(self):
        return base64.b64decode(self.ask("Page.printToPDF")["data"])

"""Opens a report page in headless Chromium and checks what a reader would notice.

For the desktop and a phone, in light and in dark: nothing in the console, nothing fetched, no
horizontal scrolling of the page, everything that scrolls by itself reachable with the keyboard, every
picture and table named for screen readers, every text on the page readable against its ground, and no
text in a drawing outside of it. Screenshots are left in a folder.

Chromium is driven over its debugging pipe, so that Python's own library is enough.

usage: report_page.py CHROMIUM PAGE.html OUTPUT-FOLDER
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SIZES = {"desktop": (1280, 900, False), "phone": (360, 780, True)}

# Run in the page; returns a list of complaints.
PROBE = r"""
(() => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    found.push(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`);
  for (const box of document.querySelectorAll('.table, .scroll')) {
    if (box.scrollWidth > box.clientWidth + 1 && box.tabIndex !== 0)
      found.push('a box scrolls that the keyboard cannot reach: ' + box.textContent.slice(0, 60));
    if (!box.getAttribute('aria-label')) found.push('a box without a name');
  }
  for (const svg of document.querySelectorAll('svg')) {
    const name = svg.getAttribute('aria-label') || '';
    if (svg.getAttribute('role') !== 'img' || name.length < 10)
      found.push('a drawing without a name: ' + name);
    const view = svg.viewBox.baseVal;
    for (const text of svg.querySelectorAll('text')) {
      if (text.hasAttribute('transform')) continue;
      const box = text.getBBox();
      if (box.x < -1 || box.y < -1 || box.x + box.width > view.width + 1 ||
          box.y + box.height > view.height + 1)
        found.push(`“${text.textContent}” leaves the drawing “${name.slice(0, 40)}”`);
      const size = parseFloat(getComputedStyle(text).fontSize) *
        svg.getBoundingClientRect().width / view.width;
      if (size < 7.5) found.push(`“${text.textContent}” is only ${size.toFixed(1)} px high`);
    }
    if (/NaN|undefined|Infinity/.test(svg.outerHTML.replace(/data:[^"]*/g, '')))
      found.push('a drawing with what is no number: ' + name.slice(0, 60));
  }
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption || !table.caption.textContent.trim()) found.push('a table without caption');
    const widths = new Set([...table.rows].map(row => row.cells.length));
    if (widths.size !== 1) found.push('a ragged table: ' + table.caption.textContent);
    if (!table.querySelector('th[scope=row]') && table.rows.length > 1)
      found.push('a table without row headers: ' + table.caption.textContent);
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) found.push('an id stands twice');
  for (const link of document.querySelectorAll('a[href^="#"]'))
    if (!document.getElementById(link.hash.slice(1))) found.push('a dead link: ' + link.hash);
  const light = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    const lin = parts.slice(0, 3).map(v => { v /= 255;
      return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
    return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2];
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const seen = new Set();
  for (const element of document.querySelectorAll('p, th, td, figcaption, a, h1, h2, h3, svg text')) {
    const style = getComputedStyle(element);
    const colour = element.namespaceURI.endsWith('svg') ? style.fill : style.color;
    if (seen.has(colour)) continue;
    seen.add(colour);
    const ink = light(colour);
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(1)} of ${colour}: ` +
      element.textContent.slice(0, 40));
  }
  return found;
})()
"""


class Browser:
    """Chromium on a pair of pipes: messages are JSON that ends with a zero byte."""

    def __init__(self, program: str):
        self.profile = tempfile.TemporaryDirectory()
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()

        def connect():
            # The protocol's ends are descriptors 3 and 4.
            high = [os.dup(to_read), os.dup(to_write)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
             f"--user-data-dir={self.profile.name}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=connect, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.events = []

    def receive(self) -> dict:
        while b"\0" not in self.buffer:
            part = os.read(self.read_end, 1 << 20)
            if not part:
                raise SystemExit("report-page: Chromium ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method: str, **parameters) -> dict:
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"report-page: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method: str):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def open_tab(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = session["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(20)
        self.profile.cleanup()


def complaints(events: list) -> list:
    found = []
    for event in events:
        method, data = event.get("method"), event.get("params", {})
        if method == "Runtime.consoleAPICalled":
            found.append(f"console: {data['args']}")
        elif method == "Runtime.exceptionThrown":
            found.append(f"exception: {data['exceptionDetails'].get('text')}")
        elif method == "Log.entryAdded":
            found.append(f"log: {data['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            address = data["request"]["url"]
            if not address.startswith(("file:", "data:", "about:")):
                found.append(f"fetches {address}")
        elif method == "Network.loadingFailed":
            found.append(f"a load failed: {data.get('errorText')}")
    return found


def main() -> int:
    program, page, output = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    output.mkdir(parents=True, exist_ok=True)
    browser = Browser(program)
    failed = 0
    for size, (width, height, is_phone) in SIZES.items():
        for scheme in ["light", "dark"]:
            browser.session = None
            browser.events = []
            browser.open_tab()
            browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                         deviceScaleFactor=1, mobile=is_phone)
            browser.call("Emulation.setEmulatedMedia",
                         features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.call("Page.navigate", url=page.as_uri())
            browser.wait("Page.loadEventFired")
            found = browser.call("Runtime.evaluate", expression=PROBE, returnByValue=True)
            if "exceptionDetails" in found:
                raise SystemExit(f"report-page: the probe failed: {found['exceptionDetails']}")
            found = found["result"]["value"] + complaints(browser.events)
            picture = browser.call("Page.captureScreenshot", format="png",
                                   captureBeyondViewport=True)["data"]
            name = f"{page.stem}-{size}-{scheme}.png"
            (output / name).write_bytes(base64.b64decode(picture))
            print(f"report-page: {page.name}, {size}, {scheme}: "
                  f"{'good' if not found else f'{len(found)} faults'} ({output / name})")
            for fault in found[:20]:
                print(f"  {fault}")
            failed += len(found)
    browser.close()
    return 1 if failed else 0


sys.exit(main())

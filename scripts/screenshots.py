"""Take the pictures of the README and the manual: a throw-away installation, walked through the main path in a browser.

Starts `manage.py serve` in a temporary JIKE_HOME with the demo story, files a complaint on a phone, handles it as handler
and supervisor, waits for the letter, and writes docs/images/*.png. Stops everything it started.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
IMAGES = PROJECT / "docs" / "images"
LARGEST_FOLDER = 4_000_000
READY_SECONDS = 300
PHONE = "19900008001"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
STORY = {
    "matter": "medical_aesthetics",
    "narrative": "8 月 20 日我在悦颜示例医疗美容门诊部办了 12 次护理，店员说“零利息分期”，用我的手机办的。\n"
    "后来发现每月多了一笔服务费，12 期一共 1,860 元，办的时候没有人跟我说过。护理只做了 3 次，现在打电话没人接。",
    "served": "partly",
    "signed_how": "staff",
    "merchant": "悦颜示例医疗美容门诊部",
    "amount": "1860",
    "claim": "退还没有告知的服务费 1,860 元，没做的 9 次护理取消。",
    "who": "self",
}
MESSAGE = "刘女士您好，您投诉的服务费和剩余护理，我们已向门诊部调取合同和收费记录，会在办理期限内书面答复您。"
DECISION = {
    "result": "upheld",
    "findings": "经核查办理录屏和合同，服务费 1,860.00 元列在合同第 5 页，办理时没有向消费者展示，也没有单独确认。\n"
    "门诊部承认 12 次护理做了 3 次，剩余 9 次未提供。",
    "basis": "借款合同第 5 条；机构与商户合作协议中关于费用披露的约定；参照《银行业保险业消费投诉处理管理办法》（2020 年第 3 号）。",
    "reasons": "没有展示、没有确认的费用不能由消费者承担；没有提供的护理不应继续收款。",
    "redress": "退还服务费 1,860.00 元；取消剩余 9 次护理对应的借款本金，不影响征信。",
    "redress_cny": "1860.00",
}


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("screenshots: Chromium is missing. As administrator: apt-get install chromium fonts-noto-cjk")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with served_copy() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            walk(site, browser)
        finally:
            browser.close()
    total = sum(path.stat().st_size for path in IMAGES.glob("*.png"))
    print(
        f"screenshots: {len(list(IMAGES.glob('*.png')))} pictures, {total // 1000} kB in {IMAGES.relative_to(PROJECT)}"
    )
    if total > LARGEST_FOLDER:
        sys.exit(f"screenshots: the folder is larger than {LARGEST_FOLDER // 1_000_000} MB")


@dataclass(frozen=True)
class Site:
    """A running installation: its address, and the passwords of the demo's staff."""

    address: str
    passwords: dict[str, str]


@contextlib.contextmanager
def served_copy() -> Iterator[Site]:
    """`manage.py serve` with the demo story in a temporary home; nothing of it is left afterwards."""
    home = Path(tempfile.mkdtemp(prefix="jike-pictures-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=PROJECT,
        env={**kept, "JIKE_HOME": str(home), "DEMO": "1", "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until_ready(server)
        lines = (home / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
        yield Site(f"http://127.0.0.1:{port}", {line.split()[0]: line.split()[1] for line in lines})
    finally:
        stop(server)
        shutil.rmtree(home, ignore_errors=True)


def wait_until_ready(server: subprocess.Popen[str]) -> None:
    """Read what the server says until it is ready; go on reading afterwards, so that it never waits for us."""
    ready = threading.Event()
    said: list[str] = []

    def listen() -> None:
        for line in server.stdout or ():
            said.append(line)
            if line.startswith("Ready:"):
                ready.set()

    threading.Thread(target=listen, daemon=True).start()
    deadline = time.monotonic() + READY_SECONDS
    while not ready.wait(0.2):
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit("screenshots: the product did not start\n" + "".join(said[-20:]))


def stop(server: subprocess.Popen[str]) -> None:
    server.terminate()
    try:
        server.wait(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def walk(site: Site, browser: Browser) -> None:
    """The main path, as three people live it."""
    phone = browser.new_context(
        base_url=site.address,
        locale="zh-CN",
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    consumer = phone.new_page()
    number = file_complaint(consumer)
    handler = sign_in(site, browser, "zhangmin")
    investigate(handler, number)
    supervisor = sign_in(site, browser, "wangfang")
    decide(supervisor, number)
    see_the_letter(handler, consumer, number)
    show_the_rest(consumer)


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Save the screen, or with `whole` everything down to the end of the main part, as docs/images/<name>.png."""
    page.wait_for_load_state("networkidle")
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo({ top: 0, behavior: 'instant' }); }")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        print(f"screenshots: {name} is wider than the screen")
    width = page.evaluate("document.documentElement.clientWidth")
    end = page.evaluate("document.querySelector('main').getBoundingClientRect().bottom + window.scrollY")
    clip = {"x": 0, "y": 0, "width": width, "height": end} if whole else None
    save(page.screenshot(full_page=whole, clip=clip, animations="disabled"), name)


def save(content: bytes, name: str) -> None:
    image = Image.open(io.BytesIO(content)).convert("RGB")
    if image.width > 1440:
        image = image.resize((1440, round(image.height * 1440 / image.width)), Image.Resampling.LANCZOS)
    image.quantize(256, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
    print(f"screenshots: {name} {image.width}×{image.height}", flush=True)


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def fill(page: Page, values: dict[str, str], *, within: str = "main") -> None:
    for field, value in values.items():
        box = page.locator(f"{within} [name={field}]").first
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def until(found: Callable[[], str | None], what: str, *, seconds: int = 90) -> str:
    """Ask again until there is an answer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := found():
            return answer
        time.sleep(1)
    sys.exit(f"screenshots: {what} did not come within {seconds} s")


def code_sent_to(context: BrowserContext, phone: str) -> str:
    """The six digits of the newest text message to this phone, as /demo/ shows it."""
    page = context.new_page()

    def look() -> str | None:
        page.goto("/demo/")
        for message in page.locator(".demo-messages li").all_inner_texts():
            if phone in message and (digits := re.search(r"(?<!\d)\d{6}(?!\d)", message)):
                return digits.group()
        return None

    try:
        return until(look, "the code")
    finally:
        page.close()


def file_complaint(page: Page) -> str:
    """File on a phone; returns the case number."""
    page.goto("/")
    picture(page, "portal-home")
    press(page, "a[href='/complain/']")
    for question, answer in STORY.items():
        if page.locator(f"main [name={question}]").first.get_attribute("type") == "radio":
            page.check(f"main [name={question}][value={answer}]")
        else:
            fill(page, {question: answer})
        if question in ("matter", "narrative"):
            picture(page, {"matter": "portal-matter", "narrative": "portal-story"}[question], whole=True)
        press(page, "main form .btn-primary")
    picture(page, "portal-papers", whole=True)
    press(page, "main .actions a.btn-primary")
    fill(page, {"name": "刘雨桐", "phone": PHONE})
    picture(page, "portal-you", whole=True)
    press(page, "main form .btn-primary")
    fill(page, {"code": code_sent_to(page.context, PHONE)})
    picture(page, "portal-code")
    press(page, "main form .btn-primary")
    picture(page, "portal-check", whole=True)
    press(page, "form[action$='/send/'] .btn-primary")
    number = str(page.locator(".receipt dd.number").inner_text()).strip()
    page.locator(".why summary").first.click()
    picture(page, "portal-receipt", whole=True)
    press(page, f"a[href='/track/{number}/']")
    picture(page, "portal-track", whole=True)
    return number


def sign_in(site: Site, browser: Browser, username: str) -> Page:
    """A workbench of one's own, signed in."""
    page = browser.new_context(
        base_url=site.address, locale="zh-CN", viewport={"width": 1440, "height": 900}
    ).new_page()
    page.goto("/staff/sign-in/")
    if username == "zhangmin":
        picture(page, "desk-sign-in")
    fill(page, {"username": username, "password": site.passwords[username]})
    press(page, "main button.btn-primary")
    return page


def gate(page: Page, number: str, verb: str) -> None:
    """Open the form of a verb beside the case."""
    page.locator(f".gates a[href^='/staff/cases/{number}/{verb}/']").click()
    page.wait_for_selector(f"#act form[action$='/{verb}/']")


def do(page: Page, number: str, verb: str, values: dict[str, str] | None = None) -> None:
    gate(page, number, verb)
    fill(page, values or {}, within="#act")
    press(page, "#act form .btn-primary")


def investigate(page: Page, number: str) -> None:
    """The handler's part: take, classify, accept, write, propose."""
    page.goto("/staff/queue/unassigned/")
    picture(page, "desk-unassigned")
    press(page, f"a[href^='/staff/cases/{number}/']")
    do(page, number, "claim")
    gate(page, number, "classify")
    fill(page, {"business_code": "JB0311", "cause_code": "JC07"}, within="#act")
    press(page, "#act form .btn-primary")
    do(page, number, "accept")
    page.locator(".composer-part[data-audience=consumer] summary").click()
    fill(page, {"text": MESSAGE}, within=".composer-part[data-audience=consumer]")
    page.locator("[hx-post$='/preview/message/']").click()
    page.wait_for_selector("#preview .preview")
    picture(page, "desk-message")
    press(page, ".composer-part[data-audience=consumer] .btn-primary")
    page.goto(f"/staff/cases/{number}/extend_30/")
    page.wait_for_selector(".act-preview .preview, .act-preview .sheet, .act-preview h4")
    picture(page, "desk-foretold", whole=True)
    page.goto(f"/staff/cases/{number}/")
    gate(page, number, "propose_decision")
    fill(page, DECISION, within="#act")
    picture(page, "desk-propose", whole=True)
    press(page, "#act form .btn-primary")
    page.locator(".gates-closed summary").first.click()
    picture(page, "desk-case")
    page.goto("/staff/queue/mine/")
    page.wait_for_selector(".rail .count")
    picture(page, "desk-queue")


def decide(page: Page, number: str) -> None:
    """The supervisor's part: read exactly these words and approve them."""
    page.goto("/staff/queue/team/")
    page.wait_for_selector(".rail .count")
    picture(page, "desk-team")
    page.goto("/staff/clusters/")
    picture(page, "desk-clusters")
    page.goto("/staff/approvals/")
    picture(page, "desk-approvals")
    press(page, f"a[href^='/staff/cases/{number}/approve_decision/']")
    picture(page, "desk-approve", whole=True)
    press(page, "main form.act .btn-primary")


def see_the_letter(handler: Page, consumer: Page, number: str) -> None:
    """The worker draws and sends the letter; then both sides see it."""
    link = f".now a[href^='/track/{number}/letter/']"

    def look() -> str | None:
        consumer.goto(f"/track/{number}/")
        found = consumer.locator(link)
        return found.first.get_attribute("href") if found.count() else None

    letter = until(look, "the letter")
    handler.goto(f"/staff/cases/{number}/")
    until(
        lambda: (
            (handler.reload() and handler.locator(".case-head .state[data-state=notified]").count() and "yes") or None
        ),
        "the notice",
    )
    picture(handler, "desk-notified")
    consumer.goto(f"/track/{number}/")
    picture(consumer, "portal-letter", whole=True)
    draw_letter(consumer.request.get(letter).body())


def draw_letter(pdf: bytes) -> None:
    """The first page of the letter as a picture."""
    program = shutil.which("pdftoppm")
    if program is None:
        print("screenshots: the letter's picture is left as it is; for a new one: apt-get install poppler-utils")
        return
    drawn = subprocess.run(
        [program, "-png", "-r", "90", "-f", "1", "-l", "1", "-"], input=pdf, capture_output=True, check=True
    )
    save(drawn.stdout, "letter")


def show_the_rest(page: Page) -> None:
    page.goto("/track/")
    picture(page, "portal-find")
    page.goto("/verify/")
    picture(page, "portal-verify")
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto("/demo/")
    picture(page, "demo")


if __name__ == "__main__":
    main()

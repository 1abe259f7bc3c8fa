"""What the licensing team does at the desk: Ike checks and recommends, Nell decides and issues."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pypdf import PdfReader

from bench.instance import Instance
from tests.journeys.browser import DESKTOP, Visitor
from tests.prepared_instances import wait_until_prompt_jobs_are_done


@dataclass
class Desk:
    """The desk of the licensing team, with one browser for each of its people."""

    bluelamp: Instance
    ike: Visitor
    nell: Visitor
    _checked: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, browser: Browser, bluelamp: Instance) -> "Desk":
        """Sign both in."""
        people = {}
        for name in ("ike", "nell"):
            people[name] = Visitor.open(browser, bluelamp.origin, f"firearms-{name}", DESKTOP)
            people[name].sign_in(name)
        return cls(bluelamp, **people)

    def close(self) -> None:
        """Close both browsers. Fails if a console had errors."""
        self.ike.close()
        self.nell.close()

    def check_page(self, visitor: Visitor, name: str) -> None:
        """Run axe on a page the first time that the journey comes by it."""
        if name not in self._checked:
            self._checked.add(name)
            visitor.check_page(name)

    def expect_done(self, visitor: Visitor, text: str) -> None:
        """Expect the sentence that says that something is done."""
        expect(visitor.page.locator(".moj-alert--success")).to_contain_text(text)

    # The enquiry officer.

    def find_application(self, reference: str) -> None:
        """Find an application in the queue, and open it."""
        page = self.ike.page
        page.goto("/desk/firearms/")
        self.check_page(self.ike, "queue")
        page.get_by_label("Name or reference").fill(reference)
        page.get_by_role("button", name="Apply filters").click()
        page.get_by_role("link", name=reference).click()
        _expect_open(page, reference)

    def complete(self, reason: str) -> None:
        """Record that an application is complete though something is missing by our list."""
        page = self.ike.page
        _fold(page, "Continue without these").get_by_label("Why is the application").fill(reason)
        page.get_by_role("button", name="Record that it is complete").click()
        self.expect_done(self.ike, "Application complete")

    def take_on(self) -> None:
        """Take the application on, which opens its checks."""
        page = self.ike.page
        self.check_page(self.ike, "application-complete")
        page.get_by_role("button", name="Take it on").click()
        self.expect_done(self.ike, "You have taken this application on")

    def plan_visit(self) -> None:
        """Plan the visit to where the guns are kept, for the day after tomorrow."""
        page = self.ike.page
        plan = _fold(page, "Plan the visit")
        plan.get_by_role("button", name="Plan it").click()
        expect(page.get_by_role("alert")).to_contain_text("Enter the day and time of the visit")
        planned_at = datetime.now(UTC) + timedelta(days=2)
        page.locator("#planned").fill(f"{planned_at:%Y-%m-%d}T10:30")
        page.get_by_role("button", name="Plan it").click()
        self.expect_done(self.ike, "Visit planned")
        expect(page.locator("main")).to_contain_text("Visit planned for")
        self.check_page(self.ike, "application-checks")

    def record_checks(self) -> int:
        """Record every check as satisfactory, and return how many there are."""
        page = self.ike.page
        kinds = page.locator("main input[name=kind]")
        names = [row.get_attribute("value") for row in kinds.all()]
        for name in names:
            check = page.locator(f"details:has(input[name=kind][value={name}])")
            check.locator("summary").click()
            check.get_by_label("Satisfactory").check()
            check.get_by_label("Evidence").fill("Search 5120")
            if name == names[0]:
                check.get_by_role("button", name="Record").click()
                expect(page.get_by_role("alert")).to_contain_text("Enter why this is the result")
                self.check_page(self.ike, "application-check-errors")
            check.get_by_label("Why?").fill("Nothing adverse")
            check.get_by_role("button", name="Record").click()
            self.expect_done(self.ike, "Check recorded")
        return len(names)

    def recommend_grant(self) -> None:
        """Recommend a grant. Ike may not decide it."""
        page = self.ike.page
        page.get_by_role("button", name="Recommend", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        self.check_page(self.ike, "application-recommend-errors")
        page.get_by_label("Grant", exact=True).check()
        page.get_by_label("Low", exact=True).check()
        page.get_by_label("Factors").fill("Steady, with land to shoot over.")
        page.get_by_label("Conclusion").fill("No danger to public safety or to the peace.")
        page.get_by_role("button", name="Recommend", exact=True).click()
        self.expect_done(self.ike, "Another person decides")
        assert page.get_by_role("heading", name="Your decision").count() == 0

    def recommend_refusal(self, ground: str) -> None:
        """Recommend a refusal, on one ground."""
        page = self.ike.page
        page.get_by_label("Refuse", exact=True).check()
        page.get_by_label("High", exact=True).check()
        page.get_by_label("Factors").fill("Sells two guns a year, from home.")
        page.get_by_label("Conclusion").fill("No business that the law means.")
        _fold(page, "Grounds, if you recommend to refuse").get_by_label(ground).check()
        page.get_by_role("button", name="Recommend", exact=True).click()
        self.expect_done(self.ike, "Another person decides")

    # The licensing manager.

    def refuse(self, reference: str, ground: str) -> str:
        """Refuse an application, and return the reference of the payment that goes back."""
        page = self.nell.page
        page.goto(f"/desk/firearms/applications/{reference.replace('/', '-')}/")
        page.get_by_label("Refuse", exact=True).check()
        page.get_by_label("Reasons", exact=True).fill("I agree with the recommendation.")
        _fold(page, "Grounds, if you refuse").get_by_label(ground).check()
        page.get_by_role("button", name="Decide", exact=True).click()
        self.expect_done(self.nell, "Decision recorded")
        self.check_page(self.nell, "application-refused")
        payment = re.search(r"PAY-[\w-]+", page.inner_text("main"))
        assert payment
        return payment[0]

    def record_receipt(self) -> None:
        """Record on the page of a decision that its notice was received today."""
        receipt = _fold(self.nell.page, "Record when the notice was received")
        receipt.get_by_label("When did they receive it?").fill(_today())
        receipt.get_by_label("How do we know?").fill("Signed for, RM 1234 5678 9GB")
        receipt.get_by_role("button", name="Record receipt").click()
        self.expect_done(self.nell, "Receipt of the notice recorded")

    def grant(self, reference: str) -> list[str]:
        """Grant an application and issue its certificates; return their numbers."""
        page = self.nell.page
        page.goto(f"/desk/firearms/applications/{reference.replace('/', '-')}/")
        self.check_page(self.nell, "application-recommended")
        page.get_by_role("button", name="Decide", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        self.check_page(self.nell, "application-decide-errors")
        page.get_by_label("Grant", exact=True).check()
        page.get_by_label("Reasons", exact=True).fill("I agree with the recommendation.")
        page.get_by_role("button", name="Decide", exact=True).click()
        self.expect_done(self.nell, "Decision recorded")
        page.get_by_role("button", name="Issue the certificate").click()
        self.expect_done(self.nell, "Certificate issued")
        self.check_page(self.nell, "application-issued")
        links = page.locator("main a[href*='/desk/firearms/certificates/']")
        return [link.inner_text() for link in links.all()]

    def decide_as_before(self, reference: str) -> str:
        """Check, recommend and grant an application that is complete; return its certificate."""
        self.find_application(reference)
        self.take_on()
        self.record_checks()
        self.recommend_grant()
        return self.grant(reference)[-1]

    def open_certificate(self, visitor: Visitor, number: str) -> None:
        """Open the page of a certificate."""
        visitor.page.goto(f"/desk/firearms/certificates/{number}/")
        _expect_open(visitor.page, number)

    def download_certificate(self, number: str) -> str:
        """Download a certificate, check its signature, and return the address in its QR code."""
        wait_until_prompt_jobs_are_done(self.bluelamp.var)
        self.open_certificate(self.ike, number)
        self.check_page(self.ike, "certificate")
        with self.ike.page.expect_download() as download:
            self.ike.page.get_by_role("link", name="Download the certificate").click()
        pdf = download.value.path().read_bytes()
        signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
        signature.compute_integrity_info()
        assert signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
        assert number in "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
        return _address_of_qr(pdf)

    def revoke(self, number: str) -> None:
        """Revoke a certificate at once."""
        page = self.nell.page
        self.open_certificate(self.nell, number)
        _fold(page, "Revoke").get_by_role("button", name="Revoke").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        self.check_page(self.nell, "certificate-revoke-errors")
        page.get_by_label("Revoke", exact=True).check()
        page.get_by_label("Danger to public safety or to the peace").check()
        page.get_by_label("High", exact=True).check()
        page.get_by_label("Reasons", exact=True).fill("Threats to a neighbour on 20 November.")
        page.get_by_label(re.compile("Certificate, guns and ammunition at once")).check()
        page.get_by_role("button", name="Revoke", exact=True).click()
        self.expect_done(self.nell, "Serve the notice")
        self.check_page(self.nell, "certificate-revoked")

    def serve_notice(self) -> None:
        """Read the notice of the decision, have it posted, and record when it was received."""
        page = self.nell.page
        page.get_by_role("link", name="Notice to print and serve").click()
        main = page.get_by_role("main")
        for text in ("s.30A(2)(b)", "Threats to a neighbour", "at once", "within 21 days"):
            expect(main).to_contain_text(text)
        self.check_page(self.nell, "notice")
        page.get_by_role("button", name="Send by post").click()
        self.expect_done(self.nell, "The notice goes by first class post")
        receipt = _fold(page, "Record when the notice was received")
        receipt.get_by_label("When did they receive it?").fill(_today())
        receipt.get_by_label("How do we know?").fill("Handed over by PC Bello, 10:30")
        receipt.get_by_role("button", name="Record receipt").click()
        self.expect_done(self.nell, "Receipt of the notice recorded")

    def record_allowed_appeal(self, number: str) -> None:
        """Record an appeal that is allowed: Nell records it, and Ike confirms it."""
        page = self.nell.page
        appeal = _fold(page, "Record an appeal")
        appeal.get_by_label("When was it lodged?").fill(_today())
        appeal.get_by_label("Court", exact=True).fill("Inner London Crown Court")
        appeal.get_by_role("button", name="Record appeal").click()
        self.expect_done(self.nell, "Appeal recorded")
        result = _fold(page, "Record how the appeal ended")
        result.get_by_role("button", name="Record result").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        self.check_page(self.nell, "certificate-appeal-errors")
        page.get_by_label("Allowed").check()
        page.locator("#appeal_ended_on").fill(_today())
        page.get_by_role("button", name="Record result").click()
        self.expect_done(self.nell, "Result of the appeal recorded")
        confirm = re.compile("I have read the court’s order")
        expect(page.locator("main")).to_contain_text("another person has read the court’s order")
        assert page.get_by_role("button", name=confirm).count() == 0
        self.open_certificate(self.ike, number)
        self.ike.page.get_by_role("button", name=confirm).click()
        self.expect_done(self.ike, "Appeal confirmed")
        self.check_page(self.ike, "certificate-appeal-allowed")

    # What holders told us.

    def act_on_notice(self, reference: str, outcome: str, *, place: str = "") -> None:
        """Deal with what a holder told us."""
        page = self.ike.page
        page.goto("/desk/firearms/notices/")
        self.check_page(self.ike, "notices")
        page.get_by_role("link", name=reference).click()
        name = f"notice-{'place' if place else 'plain'}"
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        self.check_page(self.ike, f"{name}-errors")
        page.get_by_label(outcome).check()
        if place:
            page.get_by_label(re.compile(place)).check()
        page.get_by_label("Why?").fill("As the holder told us.")
        page.get_by_role("button", name="Save").click()
        self.expect_done(self.ike, "Saved")
        self.check_page(self.ike, f"{name}-done")


def _expect_open(page: Page, reference: str) -> None:
    expect(page.locator(".moj-identity-bar__title")).to_contain_text(reference)


def _fold(page: Page, title: str) -> Locator:
    """Open a folded form, and return it."""
    fold = page.locator("details").filter(
        has=page.locator("summary").get_by_text(title, exact=True)
    )
    fold.locator("summary").click()
    return fold


def _address_of_qr(pdf: bytes) -> str:
    """Return the path of the address that the QR code leads to, from its description."""
    reader = PdfReader(BytesIO(pdf))
    rows = (reader.get_object(number) for number in range(1, int(reader.trailer["/Size"])))
    texts = [str(row["/Alt"]) for row in rows if isinstance(row, dict) and "/Alt" in row]
    # The drawing may break a long line at the places that it marks.
    address = re.search(r"https?://\S+", " ".join(texts).replace("\u200b", ""))
    assert address, texts
    return urlsplit(address[0]).path


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"

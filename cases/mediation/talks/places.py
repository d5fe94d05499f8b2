"""Where the pages of a side are: the consumer's under the number of the case, the merchant's under the link."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from cases.mediation.states import Side


@dataclass(frozen=True, slots=True)
class Place:
    """The addresses of one side's pages of one case, and the frame they stand in. `code` to `leave` are the merchant's only."""

    side: str
    key: str

    @property
    def frame(self) -> str:
        return "mediation/merchant/base.html" if self.side == Side.MERCHANT else "portal/base.html"

    def at(self, name: str) -> str:
        prefix = "portal:merchant" if self.side == Side.MERCHANT else "portal:mediation"
        return reverse(f"{prefix}_{name}", args=[self.key])

    @property
    def home(self) -> str:
        return self.at("home") if self.side == Side.MERCHANT else reverse("portal:case", args=[self.key])

    @property
    def act(self) -> str:
        return self.at("act")

    @property
    def offer(self) -> str:
        return self.at("offer")

    @property
    def sign(self) -> str:
        return self.at("sign")

    @property
    def paper(self) -> str:
        return self.at("paper")

    @property
    def longer(self) -> str:
        return self.at("longer")

    @property
    def files(self) -> str:
        return self.at("files")

    @property
    def copies(self) -> str:
        """Where a copy of a paper is had: the id of the paper follows."""
        return f"{self.files}copies/"

    @property
    def people(self) -> str:
        return self.at("people")

    @property
    def people_end(self) -> str:
        return self.at("people_end")

    @property
    def cases(self) -> str:
        return self.at("cases")

    @property
    def code(self) -> str:
        return self.at("code")

    @property
    def enter(self) -> str:
        return self.at("enter")

    @property
    def renew(self) -> str:
        return self.at("renew")

    @property
    def leave(self) -> str:
        return self.at("sign_out")


def of_consumer(number: str) -> Place:
    return Place(Side.CONSUMER.value, number)


def of_merchant(token: str) -> Place:
    return Place(Side.MERCHANT.value, token)

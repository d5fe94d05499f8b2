import pytest

from jike.outbox import channels
from jike.outbox.models import DemoMessage
from jike.privacy import open_sealed


def test_inbox_accepts_at_once_with_one_id_per_key():
    inbox = channels.get("inbox")

    first, again, other = (inbox.send("case", "主题", "正文", key=key) for key in ("a", "a", "b"))

    assert first.provider == "inbox"
    assert first.provider_id == again.provider_id != other.provider_id
    assert inbox.check_config() == []


def test_get_knows_three_channels():
    with pytest.raises(LookupError):
        channels.get("pigeon")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sms", "email"])
def test_the_demonstration_keeps_what_would_have_been_sent(settings, name):
    settings.DEMO, settings.SMS_URL, settings.SMTP_URL = True, "", ""

    first = channels.get(name).send("13800138000", "主题", "您的投诉已受理。", key="k")
    again = channels.get(name).send("13800138000", "主题", "您的投诉已受理。", key="k")

    message = DemoMessage.objects.get()
    assert first == again
    assert (first.provider, first.provider_id) == ("demo", message.pk.hex)
    assert open_sealed(message, "recipient") == "13800138000"
    assert open_sealed(message, "text") == "您的投诉已受理。"
    assert "13800138000" not in str(message.recipient)


@pytest.mark.django_db
def test_two_channels_may_carry_one_key(settings):
    settings.DEMO, settings.SMS_URL, settings.SMTP_URL = True, "", ""

    channels.get("sms").send("13800138000", "", "正文", key="k")
    channels.get("email").send("a@example.org", "", "正文", key="k")

    assert DemoMessage.objects.count() == 2


def test_a_configured_provider_is_used_in_the_demonstration_too(settings):
    settings.DEMO, settings.SMS_URL = True, "https://key:secret@sms.example.org/"

    assert channels.get("sms").check_config() == []
    assert type(channels.get("sms")).__name__ == "SmsChannel"

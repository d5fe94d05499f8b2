from __future__ import annotations

import copy
import pickle

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, transaction
from django.forms import modelform_factory
from django.utils.translation import gettext_lazy

from jike.privacy import KeyMissing, Sealed, Tampered, open_sealed
from jike.privacy.models import DataKey
from tests.privacy.samples import CANARY, Child, Holder, Piece

pytestmark = pytest.mark.usefixtures("samples")


def stored(model: type, pk: object, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE {model._meta.pk.column} = %s", [pk])
        return bytes(cursor.fetchone()[0])


def overwrite(model: type, pk: object, column: str, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} SET {column} = %s WHERE {model._meta.pk.column} = %s", [value, pk]
        )


@pytest.mark.parametrize("text", [CANARY, "x", "𠮷野家", "a\x00b", " ", "行\n" * 20_000])
def test_text_comes_back_and_is_not_stored(text: str) -> None:
    holder = Holder.objects.create(name=text)

    assert open_sealed(Holder.objects.get(), "name") == text
    assert len(text.encode()) < 4 or text.encode() not in stored(Holder, holder.pk, "name")


def test_same_text_is_stored_differently() -> None:
    first, second = Holder.objects.create(name=CANARY, phone=CANARY), Holder.objects.create(name=CANARY)

    assert (
        len({stored(Holder, first.pk, "name"), stored(Holder, first.pk, "phone"), stored(Holder, second.pk, "name")})
        == 3
    )


def test_empty_and_missing_values() -> None:
    Holder.objects.create(name="", phone="", note=None)
    holder = Holder.objects.get()

    assert [open_sealed(holder, field) for field in ("name", "phone", "note")] == ["", "", ""]
    assert (bool(holder.name), bool(holder.phone), holder.note) == (False, False, None)
    overwrite(Holder, holder.pk, "name", b"")
    with pytest.raises(Tampered):
        open_sealed(Holder.objects.get(), "name")


def test_nothing_prints_clear_text() -> None:
    holder = Holder(name=CANARY)
    values = [holder.name]
    holder.save()
    values += [
        holder.name,
        Holder.objects.get().name,
        Holder.objects.values_list("name", flat=True)[0],
        Holder.objects.values("name")[0],
    ]

    for value in values:
        assert CANARY not in f"{value} {value!r}" and "•••" in f"{value} {value!r}"
    assert f"{holder.name:>5}" == "  •••"
    assert CANARY not in str(holder.__dict__)
    assert Holder._meta.get_field("name").value_to_string(holder) == "•••"


def test_pickle_and_copy_hold_ciphertext_only() -> None:
    holder = Holder(name=CANARY)
    with pytest.raises(TypeError):
        pickle.dumps(holder.name)

    holder.save()
    again = Holder(pk=holder.pk, name=pickle.loads(pickle.dumps(holder.name)))

    assert CANARY.encode() not in pickle.dumps(holder.name)
    assert open_sealed(again, "name") == CANARY
    assert copy.deepcopy(holder.name) == holder.name


def test_update_fields_defer_and_refresh() -> None:
    pk = Holder.objects.create(name="甲", phone="1").pk
    holder = Holder.objects.defer("name").get()
    holder.phone, holder.rank = "2", 5
    holder.save(update_fields=["rank"])

    assert open_sealed(Holder.objects.get(), "phone") == "1"
    assert "name" not in holder.__dict__ and open_sealed(holder, "name") == "甲"
    holder.save(update_fields=["phone"])
    assert open_sealed(Holder.objects.only("phone").get(pk=pk), "phone") == "2"
    holder.phone = "3"
    holder.refresh_from_db()
    assert open_sealed(holder, "phone") == "2" and holder.name == Holder.objects.get().name


def test_full_save_of_a_loaded_row_keeps_its_values_without_opening_them() -> None:
    Holder.objects.create(name=CANARY)
    holder = Holder.objects.get()
    before = stored(Holder, holder.pk, "name")
    holder.rank = 3

    holder.save()

    assert stored(Holder, holder.pk, "name") == before and Holder.objects.get().rank == 3


def test_bulk_create_of_new_scopes_and_of_parts() -> None:
    holders = Holder.objects.bulk_create([Holder(name=f"第{n}") for n in range(5)])
    Piece.objects.bulk_create([Piece(holder=holder, text=f"件{n}") for n, holder in enumerate(holders)])

    assert {h.pk: open_sealed(h, "name") for h in Holder.objects.all()} == {
        h.pk: f"第{n}" for n, h in enumerate(holders)
    }
    assert sorted(open_sealed(p, "text") for p in Piece.objects.all()) == [f"件{n}" for n in range(5)]
    assert DataKey.objects.count() == 5


def test_child_tables_share_the_scope() -> None:
    child = Child.objects.create(name=CANARY, story="经过")
    child = Child.objects.get()

    assert (open_sealed(child, "name"), open_sealed(child, "story")) == (CANARY, "经过")
    assert open_sealed(Holder.objects.get(), "name") == CANARY
    child.story, child.name = "更正", "改名"
    child.save()
    assert (open_sealed(Child.objects.get(), "story"), open_sealed(Holder.objects.get(), "name")) == ("更正", "改名")
    assert DataKey.objects.count() == 1


def test_swapped_ciphertext_is_noticed() -> None:
    first, second = Holder.objects.create(name="甲", phone="乙"), Holder.objects.create(name="丙")
    one, two = Piece.objects.create(holder=first, text="一"), Piece.objects.create(holder=first, text="二")
    piece_bytes, name_bytes = stored(Piece, one.pk, "text"), stored(Holder, first.pk, "name")

    overwrite(Piece, two.pk, "text", piece_bytes)  # another row of the same scope
    overwrite(Holder, first.pk, "phone", name_bytes)  # another column of the same row
    overwrite(Holder, second.pk, "name", name_bytes)  # another scope

    for row, field in [
        (Piece.objects.get(pk=two.pk), "text"),
        (Holder.objects.get(pk=first.pk), "phone"),
        (Holder.objects.get(pk=second.pk), "name"),
    ]:
        with pytest.raises(Tampered):
            open_sealed(row, field)
    assert open_sealed(Piece.objects.get(pk=one.pk), "text") == "一"


def test_moved_row_is_noticed() -> None:
    first, second = Holder.objects.create(name="甲"), Holder.objects.create(name="乙")
    piece = Piece.objects.create(holder=first, text="一")

    Piece.objects.update(holder=second)

    with pytest.raises(Tampered):
        open_sealed(Piece.objects.get(pk=piece.pk), "text")


@pytest.mark.parametrize("position", [0, 1, 12, 13, 20, -1])
def test_any_changed_byte_is_noticed(position: int) -> None:
    holder = Holder.objects.create(name=CANARY)
    value = bytearray(stored(Holder, holder.pk, "name"))
    value[position] ^= 1

    overwrite(Holder, holder.pk, "name", bytes(value))

    with pytest.raises(Tampered) as caught:
        open_sealed(Holder.objects.get(), "name")
    assert "Holder.name" in str(caught.value)


def test_values_of_another_row_cannot_be_copied() -> None:
    Holder.objects.create(name="甲")
    source = Holder.objects.get()

    with pytest.raises((Tampered, KeyMissing)):
        Holder(name=source.name).save()


def test_changing_and_searching_without_a_row_are_refused() -> None:
    holder = Holder.objects.create(name=CANARY)

    with pytest.raises(TypeError, match="update"), transaction.atomic():
        Holder.objects.update(name="乙")
    holder.name = "乙"
    with pytest.raises(TypeError, match="update"), transaction.atomic():
        Holder.objects.bulk_update([holder], ["name"])
    with pytest.raises(FieldError):
        Holder.objects.filter(name=CANARY)
    with pytest.raises(TypeError):
        holder.name = b"bytes"
    assert Holder.objects.filter(note__isnull=True).count() == 1


def test_error_of_half_a_character_does_not_repeat_the_text() -> None:
    with pytest.raises(ValueError) as caught:
        Holder(name=CANARY + "\ud800").save()

    assert CANARY not in str(caught.value) and caught.value.__suppress_context__


def test_rolled_back_save_can_be_repeated() -> None:
    holder = Holder(name=CANARY)
    with pytest.raises(RuntimeError), transaction.atomic():
        holder.save()
        raise RuntimeError
    assert not DataKey.objects.exists()

    holder.save(force_insert=True)

    assert open_sealed(Holder.objects.get(), "name") == CANARY


def test_forms_start_empty_and_write() -> None:
    form_class = modelform_factory(Holder, fields=["name", "phone"])
    Holder.objects.create(name="旧")

    assert CANARY not in str(form_class(instance=Holder(name=CANARY)))
    assert form_class({"name": "", "phone": ""}).errors.keys() == {"name"}
    form_class({"name": CANARY, "phone": "1"}, instance=Holder.objects.get()).save()
    assert open_sealed(Holder.objects.get(), "name") == CANARY
    with pytest.raises(ValidationError):
        Holder(name="").full_clean()


def test_lazy_text_is_text() -> None:
    Holder.objects.create(name=gettext_lazy("Approved"))

    assert open_sealed(Holder.objects.get(), "name")
    assert isinstance(Holder().name, Sealed)

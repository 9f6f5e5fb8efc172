"""Numbers, contact values, dates and texts as people write them: `validate_x(text)` gives the one canonical form.

Each raises ValueError with a Dutch sentence that never holds the value (it may be personal); `format_x` gives the form
that people like to read. What Excel does to numbers (lost leading zeros, `.0`, 8.50733E+10) is undone where a check
digit proves it.

>>> validate_kbo("BE 0403.170.701"), format_kbo("0403170701")
('0403170701', '0403.170.701')
"""

import re

from stdnum import iban as stdnum_iban
from stdnum.be import vat
from stdnum.exceptions import InvalidChecksum, InvalidFormat, ValidationError

from app.model.contacts import (
    format_phone,
    validate_email,
    validate_phone,
    validate_social_media,
    validate_website,
)
from app.model.dates import validate_date
from app.model.freetext import validate_person_name, validate_text

__all__ = [
    "format_kbo",
    "format_phone",
    "validate_date",
    "validate_email",
    "validate_iban",
    "validate_insz",
    "validate_kbo",
    "validate_person_name",
    "validate_phone",
    "validate_postcode",
    "validate_social_media",
    "validate_text",
    "validate_v_code",
    "validate_website",
]

_FIRST_V_CODE = 1001
_SEPARATORS = str.maketrans("", "", " .-/\u00a0\u2010\u2011\u2013\t")
_NUMBER_CELL = re.compile(r"(\d+)[.,]0+")
_SCIENTIFIC_CELL = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d+)")
# Month of birth in an INSZ: 00-12 rijksregister, 20-32 and 40-52 BIS; 61-72 are the invented identities of MAGDA.
_REAL_MONTHS = frozenset((*range(13), *range(20, 33), *range(40, 53)))
_TEST_MONTHS = frozenset(range(61, 73))


def _digits(text: str) -> str:
    """Strip separators and undo what a spreadsheet does to a long number."""
    text = text.strip()
    if cell := _NUMBER_CELL.fullmatch(text):
        return cell[1]
    if cell := _SCIENTIFIC_CELL.fullmatch(text):
        first, rest, power = cell[1], cell[2] or "", int(cell[3])
        if power > 15 or len(rest.rstrip("0")) > power or power - len(rest) > 1:
            raise ValueError("Excel heeft dit nummer afgerond. Vul alle cijfers in, als tekst.")
        return first + rest[:power].ljust(power, "0")
    return text.translate(_SEPARATORS)


def validate_v_code(text: str) -> str:
    """`V` and seven digits, from V0001001 on."""
    code = text.translate(_SEPARATORS).upper()
    if len(code) != 8 or code[0] != "V" or not (code[1:].isascii() and code[1:].isdigit()):
        raise ValueError("Een V-code is een V met zeven cijfers, bijvoorbeeld V0001001.")
    if int(code[1:]) < _FIRST_V_CODE:
        raise ValueError("Deze V-code bestaat niet: de eerste is V0001001.")
    return code


def validate_kbo(text: str) -> str:
    """Ten digits with a check number; a lost leading zero, `BE` and `BTW` in front are forgiven."""
    number = _digits(re.sub(r"(?i)^\W*(?:kbo|btw|ondernemingsnr|ondernemingsnummer|nr)\W*", "", text))
    try:
        return str(vat.validate(number))
    except InvalidChecksum:
        raise ValueError("Dit ondernemingsnummer klopt niet: het controlegetal past niet bij de cijfers.") from None
    except InvalidFormat:
        raise ValueError("Een ondernemingsnummer bestaat uit tien cijfers.") from None
    except ValidationError:
        if len(number) == 10 and number[0] in "2345678":
            raise ValueError("Dit is een vestigingsnummer. Vul het ondernemingsnummer in.") from None
        raise ValueError("Een ondernemingsnummer telt tien cijfers en begint met 0 of 1.") from None


def format_kbo(number: str) -> str:
    """`0403.170.701`"""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"


def _insz_checks(number: str) -> bool:
    """Born before 2000, or since: exactly one of both check numbers must fit."""
    head, check = int(number[:9]), int(number[9:])
    return (97 - head % 97 == check) != (97 - (2_000_000_000 + head) % 97 == check)


def validate_insz(text: str, test_identities: bool = False) -> str:
    """Eleven digits of a rijksregister- or BIS-nummer; MAGDA's invented people only if `test_identities`."""
    number = _digits(text)
    if not (number.isascii() and number.isdigit()) or not 8 <= len(number) <= 11:
        raise ValueError("Een rijksregister- of BIS-nummer telt elf cijfers: 00.00.00-000.00.")
    number = number.zfill(11)
    if not int(number) or not _insz_checks(number):
        raise ValueError("Dit rijksregister- of BIS-nummer klopt niet: het controlegetal past niet bij de cijfers.")
    month = int(number[2:4])
    if month in _TEST_MONTHS and not test_identities:
        raise ValueError("Dit is een nummer van een testpersoon.")
    if month not in _REAL_MONTHS and month not in _TEST_MONTHS:
        raise ValueError("Dit rijksregister- of BIS-nummer klopt niet: de geboortemaand bestaat niet.")
    return number


def validate_iban(text: str) -> str:
    """A Belgian account number in groups of four: `BE68 5390 0754 7034`; the twelve digits of before 2014 will do."""
    number = re.sub(r"(?i)^\W*iban\W*", "", text).translate(_SEPARATORS).upper()
    if re.fullmatch(r"[0-9]{12}", number) and (int(number[:10]) % 97 or 97) == int(number[10:]):
        number = stdnum_iban.calc_check_digits(f"BE00{number}").join(("BE", number))
    if number[:2].isalpha() and not number.startswith("BE"):
        raise ValueError("Alleen een Belgisch rekeningnummer kan, dat begint met BE.")
    try:
        return _in_groups(str(stdnum_iban.validate(number, check_country=False)))
    except ValidationError:
        raise ValueError("Dit rekeningnummer klopt niet: schrijf BE en veertien cijfers, en kijk die na.") from None


def _in_groups(number: str) -> str:
    compact = number.replace(" ", "")
    return " ".join(compact[i : i + 4] for i in range(0, len(compact), 4))


def validate_postcode(text: str) -> str:
    """Four digits, with or without the old `B-` in front; whether it exists is for the code lists."""
    code = re.sub(r"(?i)^be?\s*-?\s*", "", text.strip())
    if cell := _NUMBER_CELL.fullmatch(code):
        code = cell[1]
    if not re.fullmatch(r"[1-9][0-9]{3}", code):
        raise ValueError("Een postcode bestaat uit vier cijfers.")
    return code

"""The window: an officer of a register sees document and licence, and confirms who acts."""

from __future__ import annotations

from typing import Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yuexin.base.codes import DOCUMENTS, Document, normalise_code
from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.domains.subjects.claiming import Claimable, claim_at_window, claimable
from yuexin.engines.access.models import Account
from yuexin.engines.access.queries import confirms_for, require_room
from yuexin.faces.desk import pages
from yuexin.faces.desk.entering import Visit, at_desk

NAMES: Final[dict[Document, Text]] = {
    "id_number": Text("居民身份证", "identity card"),
    "hk_macao_permit": Text("港澳居民来往内地通行证", "permit of a Hong Kong or Macao resident"),
    "taiwan_permit": Text("台湾居民来往大陆通行证", "permit of a Taiwan resident"),
    "hmt_residence": Text("港澳台居民居住证", "residence permit (Hong Kong, Macao, Taiwan)"),
    "foreigner_card": Text("外国人永久居留身份证", "permanent residence card"),
    "passport": Text("护照", "passport"),
}
SEEN: Final = ("licence", "person")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def window(request: HttpRequest, visit: Visit) -> HttpResponse:
    """First whom and which firm; then what his document says; then he acts for it."""
    require_room(declarations=visit.declarations, actor=visit.actor, room="window")
    given = request.POST if request.method == "POST" else request.GET
    login, code = given.get("login", "").strip().lower(), normalise_code(given.get("code", ""))
    account = Account.objects.filter(login=login, is_active=True).first() if login else None
    firm = _firm(visit, account, code)
    refusal = _amiss(visit, login, account, firm, code)
    if request.method == "POST" and account and firm and refusal is None:
        try:
            _confirm(request, visit, account, code)
        except Refusal as no:
            refusal = no
        else:
            done = f"{reverse('desk:window')}?done={account.login}&firm={code}"
            return HttpResponseRedirect(done)
    return pages.show(
        request,
        "window",
        status=200 if refusal is None else 400,
        account=account,
        firm=firm if refusal is None or request.method == "POST" else None,
        login=login,
        code=code,
        refusal=refusal,
        documents=[(one, NAMES[one]) for one in DOCUMENTS],
        # The number is typed anew: no page says it again.
        name=request.POST.get("name", ""),
        document=request.POST.get("document", ""),
        reason=request.POST.get("reason", ""),
    )


def _firm(visit: Visit, account: Account | None, code: str) -> Claimable | None:
    if account is None or not code:
        return None
    return claimable(
        declarations=visit.declarations, account=account, identity=None, code=code, now=visit.now
    )


def _confirm(request: HttpRequest, visit: Visit, account: Account, code: str) -> None:
    given = request.POST
    document = given.get("document", "")
    if document not in DOCUMENTS or not all(given.get(seen) for seen in SEEN):
        raise Refusal(
            code="WINDOW",
            what=Text(
                "请选择证件类型，并确认已核对营业执照和本人",
                "choose the document, and confirm that you saw licence and person",
            ),
        )
    claim_at_window(
        home=visit.home, actor=visit.actor, declarations=visit.declarations, account=account,
        code=code, name=given.get("name", ""), document=cast("Document", document),
        number=given.get("number", ""), reason=given.get("reason", ""), now=visit.now,
    )  # fmt: skip


def _amiss(
    visit: Visit, login: str, account: Account | None, firm: Claimable | None, code: str
) -> Refusal | None:
    """What keeps the officer from going on, if he has named anything yet."""
    if not login and not code:
        return None
    if account is None:
        return Refusal(
            code="ACCOUNT",
            what=Text("没有这个用户名", "there is no such account"),
            remedy=Text("请核对当事人“我的账号”上的用户名", "compare the person's account page"),
        )
    if firm is None or not firm.stands:
        return Refusal(
            code="FIRM",
            what=Text("没有这个主体，或它已注销", "there is no such entity, or it is no more"),
            remedy=Text("请核对营业执照上的代码", "compare the code on the licence"),
        )
    if not confirms_for(declarations=visit.declarations, actor=visit.actor, code=code):
        return Refusal(
            code="DIVISION",
            what=Text("该主体不在您所辖的区划登记", "it is registered outside your division"),
            remedy=Text("请当事人到其登记机关的窗口", "send the person to its registrar"),
        )
    return None

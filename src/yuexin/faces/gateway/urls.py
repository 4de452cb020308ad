"""The gateway's addresses. What was promised under /api/v1/ stays as it is; news get a /api/v2/."""

from django.urls import path
from django.views.generic import RedirectView

from yuexin.faces.gateway import widget
from yuexin.faces.gateway.api import api
from yuexin.faces.gateway.pages import reference
from yuexin.faces.gateway.receipts import receipt

urlpatterns = [
    path("api", RedirectView.as_view(url="/api/", permanent=True)),
    path("api/", reference, name="reference"),
    path("api/notices/<slug:channel>/receipts", receipt, name="notice_receipt"),
    path("api/v1/", api.urls),
    path("widget/check", widget.check, name="widget"),
]

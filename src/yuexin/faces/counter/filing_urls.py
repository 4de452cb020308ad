"""The addresses of filings, below /counter/."""

from django.urls import path

from yuexin.faces.counter import commitments, filing

urlpatterns = [
    path("commitments", commitments.listing, name="commitments"),
    path("filings", filing.listing, name="filings"),
    path("filings/receipts/<int:delivery>", filing.receipt, name="receipt"),
    path("filings/<slug:filing>/new", filing.new, name="filing_new"),
    path("filings/<slug:filing>/<str:thing>", filing.review, name="filing"),
    path("filings/<slug:filing>/<str:thing>/drop", filing.drop, name="filing_drop"),
    path("filings/<slug:filing>/<str:thing>/<slug:screen>", filing.fill, name="filing_screen"),
]

"""The desk's addresses, below /desk/."""

from django.urls import path

from yuexin.faces.desk.views import (
    corrections,
    deliveries,
    held,
    journal,
    judging,
    layouts,
    pairs,
    quality,
    resolved,
    start,
    subjects,
)

app_name = "desk"
urlpatterns = [
    path("", start.start, name="start"),
    path("deliveries", deliveries.listing, name="deliveries"),
    path("deliveries/new", deliveries.upload, name="upload"),
    path("deliveries/<int:number>", deliveries.one, name="delivery"),
    path("deliveries/<int:number>/errors.csv", deliveries.errors, name="errors"),
    path("deliveries/<int:number>/receipt.json", deliveries.receipt, name="receipt"),
    path("deliveries/<int:number>/rows/<int:row>", deliveries.stored, name="stored"),
    path("deliveries/<int:number>/resolved", resolved.listing, name="resolved"),
    path("deliveries/<int:number>/resolved.csv", resolved.table, name="resolved_table"),
    path("layouts", layouts.listing, name="layouts"),
    path("layouts/<slug:resource>", layouts.one, name="layout"),
    path("layouts/<slug:resource>.csv", layouts.template, name="template"),
    path("quality", quality.month, name="quality"),
    path("quality/<slug:agency>", quality.publicity, name="rates"),
    path("quality/<slug:agency>.csv", quality.publicity_table, name="rates_table"),
    path("quality/<slug:agency>/<slug:resource>", quality.over_time, name="quality_over"),
    path("quarantine", held.quarantine, name="quarantine"),
    path("quarantine/<int:delivery>/<int:row>", held.quarantined, name="quarantined"),
    path("quarantine/<int:delivery>/<int:row>/mend", held.mend, name="mend"),
    path("waiting", held.waiting, name="waiting"),
    path("waiting/<slug:agency>/<slug:resource>/<uuid:content>", held.one, name="waiting_row"),
    path("judging", judging.listing, name="judging"),
    path("judging/<slug:agency>/<slug:resource>/<uuid:content>", judging.one, name="judge"),
    path("pairs", pairs.listing, name="pairs"),
    path("pairs/<str:code>/<str:other>", pairs.one, name="pair"),
    path("corrections", corrections.listing, name="corrections"),
    path("corrections/<int:number>", corrections.one, name="correction"),
    path("subjects", subjects.search, name="subjects"),
    path("subjects.csv", subjects.table, name="subjects_table"),
    path("subjects/<str:code>", subjects.file, name="file"),
    path("journal", journal.journal, name="journal"),
]

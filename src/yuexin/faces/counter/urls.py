"""The counter's addresses, below /counter/: the enterprise's side."""

from django.urls import include, path

from yuexin.faces.counter import deadlines, views

app_name = "counter"
urlpatterns = [
    path("", include("yuexin.faces.counter.filing_urls")),
    path("", views.credit, name="credit"),
    path("calendar", deadlines.calendar, name="calendar"),
    path("calendar/open", deadlines.open_address, name="calendar_open"),
    path("calendar/close", deadlines.close_address, name="calendar_close"),
    path("calendar/<str:token>.ics", deadlines.feed, name="calendar_feed"),
    path("cases", views.listing, name="cases"),
    path("cases/<str:number>", views.one, name="case"),
    path("cases/<str:number>/papers/<uuid:paper>", views.paper, name="paper"),
    path("apply/<slug:process>", views.apply, name="apply_subject"),
    path("apply/<slug:process>/<uuid:record>", views.apply, name="apply"),
]

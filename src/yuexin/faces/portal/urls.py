"""The portal's addresses. Files and records are permanent: they are cited in print."""

from django.urls import path

from yuexin.faces.portal import lists, machine, papers, rates, views
from yuexin.faces.portal.batch import batch
from yuexin.faces.portal.scan import scan

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("search", views.search, name="search"),
    path("search.csv", machine.table, name="search_table"),
    path("suggest.json", machine.suggestions, name="suggest"),
    path("batch", batch, name="batch"),
    path("scan", scan, name="scan"),
    path("s/<str:code>.json", machine.document, name="document"),
    path("s/<str:code>", views.credit_file, name="file"),
    path("s/<str:code>/timeline", views.timeline, name="timeline"),
    path("s/<str:code>/report", papers.report, name="report"),
    path("s/<str:code>/records/<uuid:record>", views.record, name="record"),
    path("agencies", views.agencies, name="agencies"),
    path("agencies/<slug:agency>", views.publicity, name="agency"),
    path("agencies/<slug:agency>/<slug:kind>", views.publicity, name="publicity"),
    path("rates", rates.rates, name="rates"),
    path("rates.csv", rates.table, name="rates_table"),
    path("lists", lists.lists, name="lists"),
    path("lists/<slug:regime>.csv", lists.members_table, name="members_table"),
    path("lists/<slug:regime>", lists.members, name="members"),
    path("measures", lists.measures, name="measures"),
    path("today", views.today_published, name="today"),
    path("held", views.held, name="held"),
    path("integrity", views.integrity, name="integrity"),
    path("integrity/ask", views.ask_integrity, name="ask_integrity"),
    path("tour", views.tour, name="tour"),
    path("tour/<int:number>", views.tour_stop, name="tour_stop"),
    path("tour/end", views.tour_end, name="tour_end"),
    path("verify", papers.verify, name="verify"),
    path("about", views.about, name="about"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]

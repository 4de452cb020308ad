"""The portal's addresses. Files and records are permanent: they are cited in print."""

from django.urls import path

from yuexin.faces.portal import announcing, filings, follow, lists, machine, papers, rates, views
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
    path("s/<str:code>/history", follow.history, name="history"),
    path("s/<str:code>/feed.atom", follow.feed, name="feed"),
    path("s/<str:code>/follow", follow.follow, name="follow"),
    path("follow/confirm/<str:token>", follow.confirm, name="follow_confirm"),
    path("follow/stop/<str:token>", follow.stop, name="follow_stop"),
    path("announcements", announcing.announcements, name="announcements"),
    path("announcements.atom", announcing.feed, name="announcements_feed"),
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
    path("s/<str:code>/records/<uuid:record>/tell", filings.tell, name="tell"),
    path("told/<str:token>", filings.told, name="told"),
    path("filings", filings.statistics, name="filing_statistics"),
    path("draws/<int:number>", filings.draw, name="draw"),
    path("draws/<int:number>/population.txt", filings.population, name="draw_population"),
    path("commitments", filings.commitments, name="commitments"),
    path("verify", papers.verify, name="verify"),
    path("about", views.about, name="about"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]

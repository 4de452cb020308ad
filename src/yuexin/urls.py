"""Every address the platform answers."""

from django.urls import include, path

urlpatterns = [
    # Looked for in this order: machines ask most often.
    path("", include("yuexin.faces.gateway.urls")),
    path("", include("yuexin.faces.portal.urls")),
    path("", include("yuexin.faces.entrance.urls")),
    path("counter/", include("yuexin.faces.counter.urls")),
    path("desk/", include("yuexin.faces.desk.urls")),
]

handler400 = "yuexin.faces.portal.views.bad_request"
handler404 = "yuexin.faces.portal.views.not_found"
handler500 = "yuexin.faces.portal.views.server_error"
handler403 = "yuexin.faces.entrance.views.forbidden"
handler429 = "yuexin.faces.entrance.views.too_often"

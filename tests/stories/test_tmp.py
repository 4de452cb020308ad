def test_x(site, province):
    import collections
    print(site.console.rows("select number, resource, agency, received_at from delivery"))
    c = collections.Counter()
    for s in province.subjects:
        a = site.answer(f"/s/{s['code']}")
        if a.status_code != 200: c[a.status_code]+=1; continue
        from tests.stories.pages import tree, sections
        t = tree(a.text)
        for i, x in sections(t).items(): c[i, x.state]+=1
    print(c)
    print(site.console.rows("select kind,count(*) from public_row where shown_until <= current_date group by 1"))
    print(site.console.rows("select count(*) from record where superseded_at is not null"))

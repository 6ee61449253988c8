def test_a(small): 
    print(small.load(("S1","online","15/3",90,200)))
    r = small.standing("15/3")
    print(r["S1","online"])
    assert small.differences() == []
def test_b(bundled): pass
def test_c(migrated): pass

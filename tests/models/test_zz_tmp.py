import random, pytest
from datetime import timedelta
from tests.models.conftest import *
def answers(small, **asked):
    return [small.rows("9/3", **asked), small.rows("22/3", **asked), small.rows("2/4", phase="first", **asked), small.rows("12/4", **asked)]
@pytest.mark.parametrize("seed", range(100, 150))
def test_many(small, seed):
    dice = random.Random(seed)
    told = []
    for step in range(8):
        moment = at("4/3 08:00") + timedelta(hours=step)
        change_at_random(dice, small, when=moment)
        assert small.differences() == [], step
        told.append((moment, answers(small)))
    for step,(m,a) in enumerate(told):
        b = answers(small, known_at=m)
        if a!=b:
            for x,y in zip(a,b):
                for r,q in zip(x,y):
                    if r!=q: print(step, r); print(q); 
        assert a==b, step

"""The ring buffer gives what was put in, in order, and says where something is missing."""

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.capture.ring import Ring


def numbered(first: int, n: int) -> np.ndarray:
    return np.stack((np.arange(first, first + n), -np.arange(first, first + n)), axis=1).astype(np.float32)


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), max_size=60))
def test_blocks_come_out_as_they_went_in(steps: list[tuple[int, bool]]) -> None:
    ring, held, count, loss = Ring(100, 2), [], 0, False
    for n, take in steps:
        block = numbered(count, n)
        ring.put(block, float(count), after_loss=False)
        if sum(len(samples) for _, samples, _ in held) + n <= 100:
            held.append((float(count), block, loss))
            loss = False
        else:
            loss = True
        count += n
        if take and held:
            begin, samples, after_loss = held.pop(0)
            taken = ring.take()
            assert taken is not None
            assert (taken.begin, taken.after_loss) == (begin, after_loss)
            np.testing.assert_array_equal(taken.samples, samples)
    for _, samples, _ in held:
        taken = ring.take()
        assert taken is not None
        np.testing.assert_array_equal(taken.samples, samples)
    assert ring.take() is None


def test_a_loss_before_the_block_is_passed_on() -> None:
    ring = Ring(100, 1)
    ring.put(np.ones((10, 1), np.float32), 0.0, after_loss=True)
    ring.put(np.ones((10, 1), np.float32), 1.0, after_loss=False)
    losses = [block.after_loss for block in iter(ring.take, None)]
    assert losses == [True, False]


def test_one_thread_puts_while_another_takes() -> None:
    ring, blocks = Ring(1000, 2), 3000
    taken: list[np.ndarray] = []
    put = threading.Event()

    def produce() -> None:
        for number in range(blocks):
            ring.put(numbered(number * 7, 7), 0.0, after_loss=False)
        put.set()

    producer = threading.Thread(target=produce)
    producer.start()
    while not put.is_set():
        taken += [block.samples for block in iter(ring.take, None)]
    taken += [block.samples for block in iter(ring.take, None)]
    producer.join()
    firsts = [int(samples[0, 0]) for samples in taken]
    assert firsts == sorted(firsts)
    assert all(np.array_equal(samples, numbered(int(samples[0, 0]), 7)) for samples in taken)

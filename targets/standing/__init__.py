"""Where a unit stands on a day: which reading holds, sums over the tree, gap, best still attainable, standing."""

"""Believable cases by the hundred thousand, for benchmarks: written set-wise by COPY, with real keys, chains and clocks.

`narratives` and `people` invent, `world` keeps what a batch refers to, `rows` turns one invented story into table rows,
`batch` writes a batch of stories in one transaction. Nothing here is used by the running product.
"""

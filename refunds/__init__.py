"""The seven-day free return of a loan (七天免费退贷): until when it may be asked for, what then goes back to whom, to the cent.

`window` and `settling` are pure arithmetic on what `lending` holds; nothing here moves money.
"""

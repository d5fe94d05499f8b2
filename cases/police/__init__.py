"""Help with a police report (协助刑事报案): what the consumer brings to the police, what the police answer, and what may be asked then.

The capacity (控告人, 报案人, 举报人) decides which remedies exist. The case is opened out of another and knows it by reference, or the house reports for itself and no
consumer takes part. It owns the
list of papers, the table of losses, the statement with its confirmations, the packs for the authority, what authorities asked of us, and the days that count. The police
decide; nothing here judges whether there was a crime. Statements may name suspects: no search reads them.
"""

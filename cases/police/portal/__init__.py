"""A police report as the consumer follows it: what happened, what to bring, confirming the statement, the last day of a remedy."""

"""The crawler's branch: `crawler_0001` and onwards, each file one step."""

"""The plugin's branch: `plugin_0001` and onwards, each file one step."""

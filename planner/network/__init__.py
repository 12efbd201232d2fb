"""Roads → travel times: OpenStreetMap files, speed profiles, snapping, fastest ways."""

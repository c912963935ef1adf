package api

// maxStreams is how many streams of events there are at once.
const maxStreams = 256

func (s *Server) eventRoutes() []*route { return nil }

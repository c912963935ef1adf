package api

func (s *Server) alertRoutes() []*route { return nil }

package api

func (s *Server) userRoutes() []*route { return nil }

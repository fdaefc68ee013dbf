package doors

// announce tells EventBridge's subscribers how a job ended.
func (d *Doors) announce(j bdaJob) {}

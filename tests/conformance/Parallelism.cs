// A scenario mostly waits: for a sidecar to start, for nothing more to arrive.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

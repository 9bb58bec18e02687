// Each test starts whole meshes; side by side they would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

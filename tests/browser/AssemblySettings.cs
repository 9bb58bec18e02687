// One browser and one mesh at a time: side by side they would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

using System.Runtime.Versioning;

// Each test starts whole meshes; side by side they would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// These tests read /proc and set file modes.
[assembly: SupportedOSPlatform("linux")]

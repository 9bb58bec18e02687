using System.Runtime.Versioning;

// These tests read file modes, kill processes and look into /proc.
[assembly: SupportedOSPlatform("linux")]

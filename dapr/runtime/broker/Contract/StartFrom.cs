namespace HmsMesh.Broker;

public enum StartFrom
{
    Now,
    Earliest,
}

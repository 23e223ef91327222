module com.example.digits {
    requires org.equipose.core;
}
